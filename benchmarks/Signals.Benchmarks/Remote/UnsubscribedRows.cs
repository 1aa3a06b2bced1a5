using Signals.Benchmarks.Compare;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Benchmarks.Remote;

/// <summary>The cost of emitting an exported signal that has no subscriber.</summary>
internal static class UnsubscribedRows
{
    internal static void AddTo(Table table)
    {
        var host = new IpcHost();
        var exported = new Signal<Guid>();
        host.Export("a", exported);
        var connected = new Signal<Guid>();
        connected.Connect(static (Guid _) => { });
        Contender[] contenders = [Emitting(PeerKind.Ours, exported, null), Emitting(PeerKind.Other, connected, "plain slot")];
        Measure.WarmUp(contenders);
        Measure.InTurns(contenders);
        table.Add(Row.OfTimes("Emit of an export without a subscriber", contenders, Goal.AtMostBestPeer));
        table.Add(Row.OfBytes("Emit of an export without a subscriber", contenders, Goal.AtMost(0)));
        host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static Contender Emitting(PeerKind kind, Signal<Guid> signal, string? label) =>
        new(
            kind,
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    signal.Emit(default);
                }
            }
        )
        {
            Label = label,
        };
}
