using System.Runtime.InteropServices;

namespace Signals;

/// <summary>
/// What is written for each invocation: by the emitting threads the first half, by the one that evaluates the second. They are kept on
/// cache lines of their own, so that neither side slows the other down with every invocation.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 3 * Apart)]
internal struct EvaluatorState
{
    /// <summary>A cache line of the largest kind, or two that are fetched together.</summary>
    internal const int Apart = 128;

    /// <summary>Guards the emitting side and all else that says so. Held for a few instructions, never while a slot or other user code runs.</summary>
    [FieldOffset(Apart)]
    internal ShortLock Lock;

    /// <summary>
    /// With fewer waiting, an invocation is simply added: the capacity, or nothing when a closer look is needed, because somebody waits for
    /// invocations or the evaluator has been disposed.
    /// </summary>
    [FieldOffset(Apart + 4)]
    internal int Room;

    /// <summary>How many places of the array that is being filled are used, those taken back included.</summary>
    [FieldOffset(Apart + 8)]
    internal int Used;

    /// <summary>How many of these have been taken back.</summary>
    [FieldOffset(Apart + 12)]
    internal int TakenBack;

    /// <summary>Place in the queue before which nothing is left that may be dropped.</summary>
    [FieldOffset(Apart + 16)]
    internal int Head;

    /// <summary>Before this place each invocation knows the one before it of its slot.</summary>
    [FieldOffset(Apart + 20)]
    internal int Linked;

    /// <summary>Counts the rounds. Whether it is even says which of two arrays is being filled.</summary>
    [FieldOffset(Apart + 24)]
    internal long Round;

    /// <summary>Changes whenever places get another meaning: with each round, and when gaps are closed.</summary>
    [FieldOffset(Apart + 32)]
    internal long Epoch;

    /// <summary>The thread that is evaluating, or zero. Set inside the lock, cleared outside by that thread.</summary>
    [FieldOffset(2 * Apart)]
    internal int EvaluatingThread;

    /// <summary>How many places the round has that is being run.</summary>
    [FieldOffset((2 * Apart) + 4)]
    internal int Running;

    /// <summary>The place of it that is run next. Written by the thread that evaluates.</summary>
    [FieldOffset((2 * Apart) + 8)]
    internal int RunningNext;

    /// <summary>How many of its places have been passed over without running a slot.</summary>
    [FieldOffset((2 * Apart) + 12)]
    internal int Skipped;
}
