using NUnit.Framework;

namespace Signals.Tests.Core.Models;

/// <summary>Random programs that are run by the library and by a naive model, with a comparison after each step.</summary>
[TestFixture]
public sealed class SignalModelTests
{
    [Test]
    public void S1_to_S9_and_S12_hold_for_any_program() => ModelCheck.ForAll(500, SignalProgram.Direct, SignalProgram.Shrink, Compare);

    [Test]
    public void E1_to_E6_and_E8_and_E9_hold_for_any_program() => ModelCheck.ForAll(400, SignalProgram.Deferred, SignalProgram.Shrink, Compare);

    [Test]
    public void Programs_reach_all_states_of_a_table()
    {
        var watch = new SlotTableWatch();
        int reused = 0;
        foreach (SignalProgram program in ModelCheck.Sample(400, SignalProgram.Direct))
        {
            using var real = new RealSystem(program);
            var runner = new ProgramRunner(program, real) { StepDone = emissions => watch.Look(real.Signals.First(), emissions) };
            Array.ForEach(program.Steps, runner.Execute);
            reused += real.Handles.Count(handle => handle.Index.Generation > 1);
        }

        TestContext.Out.WriteLine(string.Join(Environment.NewLine, watch.Counts));
        Assert.That(reused, Is.GreaterThan(1000), "handles with an index that was used before");
        Assert.That(watch.Counts, Has.None.Matches<KeyValuePair<SlotTableWatch.Event, int>>(seen => seen.Value < 10));
    }

    private static void Compare(SignalProgram program)
    {
        using var real = new RealSystem(program);
        var actual = new ProgramRunner(program, real);
        var expected = new ProgramRunner(program, new NaiveSystem(program));
        for (int i = 0; i < program.Steps.Length; i++)
        {
            string step = $"step {i}, {program.Steps[i]}";
            actual.Execute(program.Steps[i]);
            expected.Execute(program.Steps[i]);
            CompareTraces(actual.Trace, expected.Trace, step);
            CompareSignals(actual.System, expected.System, program.SignalCount, step);
            CompareConnections(actual.System, expected.System, expected.ConnectionsMade, step);
            CompareEvaluators(actual.System, expected.System, step);
            actual.Trace.Clear();
            expected.Trace.Clear();
        }
    }

    private static void CompareTraces(List<TraceEntry> actual, List<TraceEntry> expected, string step)
    {
        for (int i = 0; i < Math.Max(actual.Count, expected.Count); i++)
        {
            TraceEntry? actualEntry = i < actual.Count ? actual[i] : null;
            TraceEntry? expectedEntry = i < expected.Count ? expected[i] : null;
            Require(actualEntry, expectedEntry, $"event {i}", step);
        }
    }

    private static void CompareSignals(ISignalSystem actual, ISignalSystem expected, int signals, string step)
    {
        for (int signal = 0; signal < signals; signal++)
        {
            Require(actual.ConnectionCount(signal), expected.ConnectionCount(signal), $"ConnectionCount of signal {signal}", step);
            Require(actual.IsDisposed(signal), expected.IsDisposed(signal), $"IsDisposed of signal {signal}", step);
        }
    }

    private static void CompareConnections(ISignalSystem actual, ISignalSystem expected, int count, string step)
    {
        for (int id = 0; id < count; id++)
        {
            bool isActive = actual.IsActive(id);
            if (isActive != expected.IsActive(id))
            {
                Fail($"IsActive of connection {id} is {isActive}", step);
            }

            bool isBlocked = actual.IsBlocked(id);
            if (isBlocked != expected.IsBlocked(id))
            {
                Fail($"IsBlocked of connection {id} is {isBlocked}", step);
            }
        }
    }

    private static void CompareEvaluators(ISignalSystem actual, ISignalSystem expected, string step)
    {
        Require(actual.PendingCount, expected.PendingCount, "PendingCount", step);
        Require(actual.DroppedCount, expected.DroppedCount, "DroppedCount", step);
        Require(actual.AddedCount, expected.AddedCount, "calls of OnInvocationAdded", step);
        Require(actual.IsEvaluatorDisposed, expected.IsEvaluatorDisposed, "IsDisposed of the evaluator", step);
    }

    private static void Require<T>(T actual, T expected, string what, string step)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            Fail($"{what} is {actual} instead of {expected}", step);
        }
    }

    private static void Fail(string difference, string step) => throw new AssertionException($"After {step}: {difference}.");
}
