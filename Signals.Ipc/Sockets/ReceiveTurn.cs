using System.Diagnostics;

namespace Signals.Ipc.Sockets;

/// <summary>
/// Bounds the time for which a connection that always has something to read keeps a thread of the pool while other work waits for one.
/// Mutable: one loop uses it.
/// </summary>
internal struct ReceiveTurn
{
    /// <summary>The frames between two looks at the clock: a look takes about as long as a tenth of a small frame.</summary>
    private const int FramesBetweenLooks = 8;

    /// <summary>The length of a turn: long beside what giving up the thread takes, short beside what a client notices.</summary>
    private static readonly long Length = Stopwatch.Frequency * 200 / 1_000_000;

    /// <summary>The time at which the turn is over.</summary>
    private long _end;

    /// <summary>The frames since the clock was looked at.</summary>
    private int _frames;

    /// <summary>Begins a turn, on a thread that has just been given to the loop.</summary>
    internal void Begin() => _end = Stopwatch.GetTimestamp() + Length;

    /// <summary>Returns whether the turn is over and other work waits for the thread.</summary>
    internal bool IsOver()
    {
        _frames = 0;
        if (Stopwatch.GetTimestamp() < _end)
        {
            return false;
        }

        if (ThreadPool.PendingWorkItemCount != 0)
        {
            return true;
        }

        Begin();
        return false;
    }

    /// <summary>The same after a frame, most of the time without a look at the clock.</summary>
    internal bool IsOverAfterFrame() => ++_frames >= FramesBetweenLooks && IsOver();
}
