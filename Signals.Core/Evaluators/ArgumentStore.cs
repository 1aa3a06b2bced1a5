using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// The arguments that an evaluator has queued of one type, so that they are not boxed. Two arrays take turns: one is filled while the
/// other is run. Guarded by the evaluator, except for <see cref="ArgumentStore{T}.Running"/> and <see cref="ClearRunning"/>, which belong to the thread that evaluates.
/// </summary>
internal abstract class ArgumentStore
{
    /// <summary>Makes what is queued what is run.</summary>
    internal abstract void Swap();

    /// <summary>Lets go of what has been run, and of memory that it did not need if there is too much of it.</summary>
    internal abstract void ClearRunning(bool shrink);

    /// <summary>Lets go of what is queued.</summary>
    internal abstract void ClearPending();

    /// <summary>Begins to close the gaps in what is queued: see <see cref="DeferredSlot.CompactArgument"/>.</summary>
    internal abstract void BeginCompaction();

    /// <summary>Ends closing the gaps.</summary>
    internal abstract void EndCompaction();
}

/// <inheritdoc/>
internal sealed class ArgumentStore<T> : ArgumentStore
{
    private T[] _pending = [];
    private T[] _running = [];
    private int _pendingCount;
    private int _runningCount;

    /// <summary>How far a compaction has filled what is queued.</summary>
    private int _compacted;

    /// <summary>Adds arguments, and returns their place.</summary>
    internal int Add(T arguments)
    {
        int place = _pendingCount;
        if (place == _pending.Length)
        {
            Array.Resize(ref _pending, QueueSizes.Larger(place));
        }

        _pending[place] = arguments;
        _pendingCount = place + 1;
        return place;
    }

    /// <summary>Replaces arguments.</summary>
    internal void Replace(int place, T arguments) => _pending[place] = arguments;

    /// <summary>The arguments at a place of what is being run.</summary>
    internal ref readonly T Running(int place) => ref _running[place];

    internal void Forget(int place) => _pending[place] = default!;

    /// <summary>Gives up the place that was filled last.</summary>
    internal void Drop(int place)
    {
        Debug.Assert(place == _pendingCount - 1);
        _pendingCount = place;
    }

    internal int Compact(int place)
    {
        Debug.Assert(_compacted <= place);
        _pending[_compacted] = _pending[place];
        return _compacted++;
    }

    internal override void Swap()
    {
        (_pending, _running) = (_running, _pending);
        (_pendingCount, _runningCount) = (0, _pendingCount);
    }

    internal override void ClearRunning(bool shrink)
    {
        Clear(_running, 0, _runningCount);
        if (shrink)
        {
            QueueSizes.Shrink(ref _running, _runningCount);
        }

        _runningCount = 0;
    }

    internal override void ClearPending()
    {
        _pending = [];
        _pendingCount = 0;
    }

    internal override void BeginCompaction() => _compacted = 0;

    internal override void EndCompaction()
    {
        Clear(_pending, _compacted, _pendingCount - _compacted);
        _pendingCount = _compacted;
    }

    private static void Clear(T[] array, int start, int length)
    {
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(array, start, length);
        }
    }
}
