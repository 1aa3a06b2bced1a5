using System.Diagnostics;
using Signals.Ipc.Threading;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Connections;

/// <summary>
/// Waits briefly for more data, on the thread that has just read. Waiting through the system costs two thread switches until the next
/// bytes are read, which take longer than the reply of an active peer.
/// </summary>
/// <remarks>
/// Only one connection of the process spins at a time, and a connection that waits without success does so less and less often, so an idle
/// connection costs nothing. A connection does not spin beside other active ones of its group: as long as it is successful, it keeps its thread, which
/// the others would lack. Not thread-safe: used by one receive loop.
/// </remarks>
/// <param name="group">The group of the connection.</param>
internal sealed class ReceiveSpin(SpinGroup group)
{
    /// <summary>The number of spin iterations between two checks, because a check is a system call.</summary>
    private const int SpinsBetweenChecks = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromMicroseconds(100);

    /// <summary>Indicates whether spinning helps: with one processor, the peer cannot run meanwhile.</summary>
    private static readonly bool IsUseful = Environment.ProcessorCount > 1;

    /// <summary>One while a connection of this process spins.</summary>
    private static int waiting;

    private SpinHistory _history;

    /// <summary>The number of reads that the group waits for until this connection is the only active one.</summary>
    private int _readsUntilAlone;

    /// <summary>Waits for bytes. Returns the number of available bytes, or zero if the system should wait for them.</summary>
    internal int WaitForBytes(IpcTransport transport)
    {
        // Other work has priority.
        if (!IsUseful || !group.IsAlone(this, ref _readsUntilAlone) || !_history.TakeChance() || Interlocked.CompareExchange(ref waiting, 1, 0) != 0)
        {
            return 0;
        }

        try
        {
            int count = Spin(transport);
            _history.Record(count != 0);
            return count;
        }
        finally
        {
            Volatile.Write(ref waiting, 0);
        }
    }

    private static int Spin(IpcTransport transport)
    {
        long start = Stopwatch.GetTimestamp();
        int count;
        while ((count = transport.Available) == 0 && Stopwatch.GetElapsedTime(start) < Longest && ThreadPool.PendingWorkItemCount == 0)
        {
            Thread.SpinWait(SpinsBetweenChecks);
        }

        return count;
    }
}
