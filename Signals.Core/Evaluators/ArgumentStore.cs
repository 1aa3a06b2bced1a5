using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// The arguments that an evaluator has queued of one type, so that they are not boxed. Two arrays take turns: one is filled in the even
/// rounds and the other in the odd ones, while what the round before has filled is run. Guarded by the evaluator, except for <see cref="ArgumentStore{T}.Take"/>,
/// which belongs to the thread that evaluates.
/// </summary>
internal abstract class ArgumentStore
{
    /// <summary>Halves the array of a round that has been run, if that needed next to nothing of it.</summary>
    internal abstract void Shrink(long round);

    /// <summary>Lets go of what is queued.</summary>
    internal abstract void Clear(long round);

    /// <summary>Begins to close the gaps in what is queued: see <see cref="DeferredSlot.CompactArgument"/>.</summary>
    internal abstract void BeginCompaction(long round);

    /// <summary>Ends closing the gaps.</summary>
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

    /// <summary>Adds arguments, unless the array is full, and tells where they are.</summary>
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

    /// <summary>Adds arguments, and returns where they are.</summary>
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

    /// <summary>Replaces arguments.</summary>
    internal void Replace(long argument, T arguments) => At(argument) = arguments;

    /// <summary>Takes arguments out, to be used: the store holds on to them no longer.</summary>
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

    internal void Forget(long argument) => At(argument) = default!;

    /// <summary>Gives up the place that was filled last.</summary>
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
