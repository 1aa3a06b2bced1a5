using System.Threading.Channels;
using FsCheck;
using FsCheck.Fluent;

namespace Signals.Tests.Core.Models;

/// <summary>Program with one or more signals, an evaluator, and a list of steps.</summary>
internal sealed record SignalProgram(FailurePolicy Policy, int SignalCount, int? Capacity, BoundedChannelFullMode FullMode, Step[] Steps)
{
    private static readonly SlotKind[] DirectKinds =
    [
        SlotKind.Plain,
        SlotKind.Plain,
        SlotKind.ArgumentDropping,
        SlotKind.WithState,
        SlotKind.Chained,
        SlotKind.Reflective,
        SlotKind.SingleShot,
        SlotKind.Weak,
    ];

    private static readonly SlotKind[] MixedKinds =
    [
        SlotKind.Plain,
        SlotKind.Deferred,
        SlotKind.Deferred,
        SlotKind.DeferredLatest,
        SlotKind.DeferredReflective,
        SlotKind.DeferredSingleShot,
        SlotKind.DeferredSingleShot,
    ];

    /// <summary>
    /// Generates programs with one signal without deferred connections, often with hundreds of connections, so that its tables grow and
    /// shrink.
    /// </summary>
    internal static Gen<SignalProgram> Direct =>
        from policy in Gen.Elements(Enum.GetValues<FailurePolicy>())
        from length in Gen.Choose(5, 70)
        from steps in Gen.ArrayOf(TopStep(DirectKinds, signals: 1, evaluations: 0), length)
        select new SignalProgram(policy, 1, null, BoundedChannelFullMode.Wait, steps);

    /// <summary>Generates programs with two signals of different types and connections that are deferred on one evaluator.</summary>
    internal static Gen<SignalProgram> Deferred =>
        from policy in Gen.Elements(Enum.GetValues<FailurePolicy>())
        from capacity in Gen.Elements<int?>(null, null, 1, 3, 20, 100)
        from fullMode in Gen.Elements(Enum.GetValues<BoundedChannelFullMode>())
        from length in Gen.Choose(5, 70)
        from steps in Gen.ArrayOf(TopStep(MixedKinds, signals: 2, evaluations: 12), length)
        select new SignalProgram(policy, 2, capacity, fullMode, steps);

    private static Gen<int> Value => Gen.Choose(1, 1000);

    private static Gen<bool> Bool => Gen.Elements(true, false);

    /// <summary>Returns simpler programs, the simplest first.</summary>
    internal static IEnumerable<SignalProgram> Shrink(SignalProgram program) =>
        ModelCheck.ShrinkList(program.Steps, ShrinkStep).Select(steps => program with { Steps = steps });

    public override string ToString() =>
        $"{Policy}, {SignalCount} signals, capacity {Capacity?.ToString() ?? "none"} ({FullMode}):\n  "
        + string.Join("\n  ", Steps.Select(step => step.ToString()));

    private static IEnumerable<Step> ShrinkStep(Step step) =>
        step switch
        {
            Step.Connect connect =>
            [
                .. ModelCheck.ShrinkList(connect.Script.Lines, ShrinkLine).Select(lines => connect with { Script = new Script(lines) }),
                .. connect.Kind == SlotKind.Plain ? Array.Empty<Step>() : [connect with { Kind = SlotKind.Plain }],
            ],
            Step.ConnectMany { Count: > 1 } many => [many with { Count = many.Count / 2 }, many with { Count = many.Count - 1 }],
            Step.DisconnectMany { Count: > 1 } many => [many with { Count = many.Count / 2 }, many with { Count = many.Count - 1 }],
            _ => [],
        };

    private static IEnumerable<ScriptLine> ShrinkLine(ScriptLine line) => ShrinkStep(line.Step).Select(step => line with { Step = step });

    private static Gen<Step> TopStep(SlotKind[] kinds, int signals, int evaluations) =>
        Gen.Frequency(
            (12, ConnectWith(kinds, signals, Scripts(kinds, signals, evaluations))),
            (100, AnyStep(kinds, signals, evaluations, Scripts(kinds, signals, evaluations))),
            (25, EmitOne(signals))
        );

    private static Gen<Script> Scripts(SlotKind[] kinds, int signals, int evaluations)
    {
        Gen<Step> throwing = Gen.Constant<Step>(new Step.Throw());
        Gen<Step> inside = Gen.Frequency((100, AnyStep(kinds, signals, evaluations, Gen.Constant(Script.Empty))), (12, throwing));
        return from count in Gen.Choose(0, 3)
            from lines in Gen.ArrayOf(from call in Gen.Choose(1, 4) from step in inside select new ScriptLine(call, step), count)
            select new Script(lines);
    }

    private static Gen<Target> Targets =>
        from kind in Gen.Frequency((6, Gen.Constant(TargetKind.Live)), (2, Gen.Constant(TargetKind.Any)), (2, Gen.Constant(TargetKind.Self)))
        from number in Value
        select new Target(kind, number);

    private static Gen<Step> ConnectWith(SlotKind[] kinds, int signals, Gen<Script> scripts) =>
        from signal in Gen.Choose(0, signals - 1)
        from kind in Gen.Elements(kinds)
        from script in scripts
        select (Step)new Step.Connect(signal, kind, script);

    private static Gen<Step> EmitOne(int signals) =>
        from signal in Gen.Choose(0, signals - 1)
        from value in Value
        select (Step)new Step.Emit(signal, value);

    private static Gen<Step> AnyStep(SlotKind[] kinds, int signals, int evaluations, Gen<Script> scripts)
    {
        Gen<int> signal = Gen.Choose(0, signals - 1);
        return Gen.Frequency(
            (14, ConnectWith(kinds, signals, scripts)),
            (
                10,
                from target in signal
                from kind in Gen.Elements(kinds)
                from count in Gen.Choose(1, 90)
                select (Step)new Step.ConnectMany(target, kind, count)
            ),
            (14, from target in Targets from through in Bool select (Step)new Step.Disconnect(target, through)),
            (
                12,
                from first in Value
                from count in Gen.Choose(1, 150)
                from stride in Gen.Choose(0, 3)
                select (Step)new Step.DisconnectMany(first, count, stride)
            ),
            (
                6,
                from first in Value
                from left in Gen.Choose(1, 20)
                from stride in Gen.Choose(0, 3)
                select (Step)new Step.DisconnectAllBut(first, left, stride)
            ),
            (2, Targets.Select(target => (Step)new Step.DisconnectWrongly(target))),
            (12, from target in Targets from blocked in Bool from through in Bool select (Step)new Step.Block(target, blocked, through)),
            (4, signal.Select(target => (Step)new Step.DisconnectAll(target))),
            (6, signal.Select(target => (Step)new Step.TrimExcess(target))),
            (14, EmitOne(signals)),
            (4, from target in Targets from emitted in signal from value in Value select (Step)new Step.EmitWhileBlocked(target, emitted, value)),
            (8, Targets.Select(target => (Step)new Step.Probe(target))),
            (1, signal.Select(target => (Step)new Step.Dispose(target))),
            (evaluations, Gen.Constant<Step>(new Step.Evaluate())),
            (evaluations / 12, Gen.Constant<Step>(new Step.DisposeEvaluator()))
        );
    }
}
