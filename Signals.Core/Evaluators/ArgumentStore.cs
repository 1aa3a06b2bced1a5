using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Stores the queued arguments of one type of an evaluator, so that they are not boxed. Two arrays alternate: one is filled in even rounds
/// and the other in odd rounds, while the invocations of the previous round run. Guarded by the evaluator, except for
/// <see cref="ArgumentStore{T}.Take"/>, which only the evaluating thread calls.
/// </summary>
internal abstract class ArgumentStore
{
    /// <summary>Halves the array of a round that has been run, if the round used only a small part of it.</summary>
    internal abstract void Shrink(long round);

    /// <summary>Releases all queued arguments.</summary>
    internal abstract void Clear(long round);

    /// <summary>Begins to close the gaps between queued arguments: see <see cref="DeferredSlot.CompactArgument"/>.</summary>
    internal abstract void BeginCompaction(long round);

    /// <summary>Completes a compaction.</summary>
    internal abstract void EndCompaction(long round);
}

/// <inheritdoc/>
internal sealed class ArgumentStore<T> : ArgumentStore
{
    private const int OddBit = 1;
    private const int PlaceShift = 1;

    private T[] _even = [];
    private T[] _odd = [];
    private StoreFilling _filling;

    /// <summary>Adds arguments and returns their location. Returns false if the array is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(T arguments, long round, out long argument)
    {
        ref StoreFilling filling = ref _filling;
        if (filling.Round != round)
        {
            (filling.CountBefore, filling.RoundBefore) = (filling.Count, filling.Round);
            (filling.Count, filling.Round) = (0, round);
        }

        int place = filling.Count;
        T[] items = ArrayOf(round);
        argument = ((long)place << PlaceShift) | (round & OddBit);
        if ((uint)place >= (uint)items.Length)
        {
            return false;
        }

        items[place] = arguments;
        filling.Count = place + 1;
        return true;
    }

    /// <summary>Adds arguments and returns their location. Enlarges the array if it is full.</summary>
    internal long Add(T arguments, long round)
    {
        if (!TryAdd(arguments, round, out long argument))
        {
            ref T[] items = ref ArrayOf(round);
            Array.Resize(ref items, QueueSizes.Larger(items.Length));
            bool added = TryAdd(arguments, round, out argument);
            Debug.Assert(added);
        }

        return argument;
    }

    /// <summary>Replaces queued arguments.</summary>
    internal void Replace(long argument, T arguments) => At(argument) = arguments;

    /// <summary>Removes arguments and returns them. The store no longer references them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal T Take(long argument)
    {
        ref T place = ref At(argument);
        T arguments = place;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            place = default!;
        }

        return arguments;
    }

    internal void Release(long argument) => At(argument) = default!;

    /// <summary>Frees the location that was filled last.</summary>
    internal void Drop(long argument)
    {
        Debug.Assert(argument >> PlaceShift == _filling.Count - 1);
        _filling.Count--;
    }

    internal long Compact(long argument)
    {
        long compacted = ((long)_filling.Compacted << PlaceShift) | (argument & OddBit);
        Debug.Assert(compacted <= argument);
        At(compacted) = At(argument);
        _filling.Compacted++;
        return compacted;
    }

    internal override void Shrink(long round)
    {
        int used =
            _filling.Round == round ? _filling.Count
            : _filling.RoundBefore == round ? _filling.CountBefore
            : 0;
        QueueSizes.Shrink(ref ArrayOf(round), used);
    }

    internal override void Clear(long round)
    {
        ArrayOf(round) = [];
        _filling.Count = 0;
    }

    internal override void BeginCompaction(long round) => _filling.Compacted = 0;

    internal override void EndCompaction(long round)
    {
        if (_filling.Round != round)
        {
            return;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            Array.Clear(ArrayOf(round), _filling.Compacted, _filling.Count - _filling.Compacted);
        }

        _filling.Count = _filling.Compacted;
    }

    private ref T[] ArrayOf(long round) => ref (round & OddBit) == 0 ? ref _even : ref _odd;

    private ref T At(long argument) => ref ArrayOf(argument)[(int)(argument >> PlaceShift)];
}
