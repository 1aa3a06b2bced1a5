using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The bytes that a call allocates in the process of the client, on all threads, including its reply. Its request is reused.</summary>
internal static class AllocationRows
{
    private const double MostBytes = 200;

    internal static void AddTo(Table table, PeerSet peers)
    {
        Library[] libraries = [Library.Signals, Library.Grpc, Library.JsonRpc];
        foreach (int window in (int[])[1, 64])
        {
            Samples[] bytes = [.. libraries.Select(_ => new Samples())];
            Turns.ForEach(
                libraries.Length,
                (i, isWarmUp) =>
                {
                    EchoClient client = peers.ClientOf(libraries[i]);
                    long calls = 0;
                    long before = GC.GetTotalAllocatedBytes(precise: true);
                    Turns.Measure(async turn => calls = await client.CallAsync(turn, window, EchoText.Usual), TimeSpan.FromMilliseconds(100));
                    Turns.Add(bytes[i], (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)calls, isWarmUp);
                }
            );
            double[] medians = [.. bytes.Select(samples => samples.Median)];
            table.Add(PeerSet.RowOf(libraries, $"allocated per call with its reply, {window} in flight", "B", medians, Goal.AtMost(MostBytes)));
        }
    }
}
