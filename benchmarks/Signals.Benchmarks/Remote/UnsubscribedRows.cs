using Signals.Benchmarks.Compare;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>The cost of emitting exported signals that have no subscriber.</summary>
internal static class UnsubscribedRows
{
    private const long Value = 1_000_000;

    internal static void AddTo(Table table)
    {
        var host = new IpcHost();
        var exported = new Signal<long>[PolymorphicSlots<long>.MethodCount];
        var connected = new Signal<long>[PolymorphicSlots<long>.MethodCount];
        Action<long>[] slots = PolymorphicSlots<long>.Get(connected.Length);
        for (int i = 0; i < connected.Length; i++)
        {
            exported[i] = new Signal<long>();
            host.Export($"a{i}", exported[i]);
            connected[i] = new Signal<long>();
            connected[i].Connect(slots[i]);
        }

        Contender[] contenders = [Emitting(PeerKind.Ours, exported, null), Emitting(PeerKind.Other, connected, "plain slot")];

        // Plain slots prevail, as in a program: otherwise, the compiler would predict the slot of the exports, and call it directly.
        Measure.WarmUp([contenders[0], .. Enumerable.Repeat(contenders[1], PolymorphicSlots<long>.MethodCount)]);
        Measure.InTurns(contenders);
        table.Add(Row.OfTimes("Emit of an export without a subscriber", contenders, Goal.AtMostBestPeer));
        table.Add(Row.OfBytes("Emit of an export without a subscriber", contenders, Goal.AtMost(0)));
        host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static Contender Emitting(PeerKind kind, Signal<long>[] signals, string? label) =>
        new(
            kind,
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    foreach (Signal<long> signal in signals)
                    {
                        signal.Emit(Value);
                    }
                }
            }
        )
        {
            Label = label,
            Operations = signals.Length,
        };
}
