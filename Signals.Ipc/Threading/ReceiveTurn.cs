using System.Diagnostics;

namespace Signals.Ipc.Threading;

/// <summary>
/// Limits the time for which a connection that always has data to read occupies a thread of the thread pool while other work waits for one.
/// A mutable struct: used by one receive loop.
/// </summary>
internal struct ReceiveTurn
{
    /// <summary>The number of frames between two reads of the clock, which cost about a tenth of a small frame.</summary>
    private const int FramesBetweenChecks = 8;

    /// <summary>The length of a turn: long in comparison to a thread switch, short in comparison to a delay that a client notices.</summary>
    private static readonly long Length = Stopwatch.Frequency * 200 / 1_000_000;

    /// <summary>The timestamp at which the turn ends.</summary>
    private long _end;

    /// <summary>The number of frames since the clock was read.</summary>
    private int _frames;

    /// <summary>Begins a turn, on a thread that the loop has just obtained.</summary>
    internal void Begin() => _end = Stopwatch.GetTimestamp() + Length;

    /// <summary>Returns a value that indicates whether the turn is over and other work waits for a thread.</summary>
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

    /// <summary>Returns the value of <see cref="IsOver"/> after a frame, usually without reading the clock.</summary>
    internal bool IsOverAfterFrame() => ++_frames >= FramesBetweenChecks && IsOver();
}
