using System.Diagnostics;
using System.Net.Sockets;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Waits a moment for more, with the thread that has just read. Giving the socket back to the system means two changes of threads until the
/// next bytes are read, which takes longer than a peer that is awake takes to answer.
/// </summary>
/// <remarks>
/// Only one connection of the process waits in this way at a time, and one that waited in vain does so ever less
/// often: an idle connection costs nothing. Not thread-safe: one loop uses it.
/// </remarks>
internal sealed class ReceiveSpin
{
    /// <summary>How long to pause between two looks: a look is a system call.</summary>
    private const int PausesBetweenLooks = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromMicroseconds(100);

    /// <summary>With one processor the peer can do nothing while this waits.</summary>
    private static readonly bool IsUseful = Environment.ProcessorCount > 1;

    /// <summary>One while a connection of this process waits.</summary>
    private static int waiting;

    private SpinHistory _history;

    /// <summary>Waits for bytes. Returns how many there are, or zero when the system should do the waiting.</summary>
    internal int WaitForBytes(Socket socket)
    {
        // Other work needs the thread more.
        if (!IsUseful || !_history.TakeChance() || Interlocked.CompareExchange(ref waiting, 1, 0) != 0)
        {
            return 0;
        }

        try
        {
            int count = Spin(socket);
            _history.Record(count != 0);
            return count;
        }
        finally
        {
            Volatile.Write(ref waiting, 0);
        }
    }

    private static int Spin(Socket socket)
    {
        long start = Stopwatch.GetTimestamp();
        int count;
        while ((count = socket.Available) == 0 && Stopwatch.GetElapsedTime(start) < Longest)
        {
            Thread.SpinWait(PausesBetweenLooks);
        }

        return count;
    }
}
