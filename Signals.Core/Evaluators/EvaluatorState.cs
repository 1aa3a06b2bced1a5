using System.Runtime.InteropServices;

namespace Signals;

/// <summary>
/// The state that is written for each invocation: the first part by the emitting threads, the second by the evaluating thread. The parts
/// are on separate cache lines, so that neither side slows down the other with every invocation.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
internal struct EvaluatorState
{
    /// <summary>Distance between the parts in bytes: the size of the largest cache lines, or of two that are fetched together.</summary>
    internal const int Apart = 128;

    /// <summary>
    /// The lock that guards the first part and all members that are documented to be guarded by it. Held for a few instructions, never
    /// while a slot or other user code runs.
    /// </summary>
    [FieldOffset(Apart)]
    internal ShortLock Lock;

    /// <summary>
    /// Number of pending invocations below which an invocation is added without further checks: the capacity, or zero if a thread waits for
    /// invocations, the time of the first one is to be measured, or the evaluator has been disposed.
    /// </summary>
    [FieldOffset(Apart + 4)]
    internal int Room;

    /// <summary>Number of used positions in the array that is being filled, including those of removed invocations.</summary>
    [FieldOffset(Apart + 8)]
    internal int Used;

    /// <summary>Number of these positions whose invocations have been removed.</summary>
    [FieldOffset(Apart + 12)]
    internal int Removed;

    /// <summary>Position in the queue before which no invocation may be dropped.</summary>
    [FieldOffset(Apart + 16)]
    internal int Head;

    /// <summary>Position before which each invocation is linked to the previous one of the same slot.</summary>
    [FieldOffset(Apart + 20)]
    internal int Linked;

    /// <summary>Number of rounds. Its parity determines which of the two arrays is being filled.</summary>
    [FieldOffset(Apart + 24)]
    internal long Round;

    /// <summary>Number that changes whenever recorded positions become invalid: with each round, and when the queue is compacted.</summary>
    [FieldOffset(Apart + 32)]
    internal long Epoch;

    /// <summary>Id of the thread that is evaluating, or zero. Set while the lock is held, and cleared without it by that thread.</summary>
    [FieldOffset(2 * Apart)]
    internal int EvaluatingThread;

    /// <summary>Number of positions in the active round.</summary>
    [FieldOffset((2 * Apart) + 4)]
    internal int Running;

    /// <summary>Next position of the active round to run. Written by the evaluating thread.</summary>
    [FieldOffset((2 * Apart) + 8)]
    internal int RunningNext;

    /// <summary>Number of positions of the active round that were skipped without running a slot.</summary>
    [FieldOffset((2 * Apart) + 12)]
    internal int Skipped;
}
