using System.Runtime.CompilerServices;

namespace Signals;

/// <inheritdoc/>
internal abstract class DeferredSlot<TArguments>(ConnectionEvaluator evaluator, Delegate slot) : DeferredSlot(evaluator, slot)
    where TArguments : struct, IArguments<TArguments>
{
    private readonly ArgumentStore<TArguments> _store = evaluator.StoreOf<TArguments>();

    /// <summary>Queues an emission.</summary>
    internal void Queue(TArguments arguments) => Evaluator.Enqueue(this, _store, arguments);

    internal override void ReleaseArgument(long argument)
    {
        if (!InlineArgument<TArguments>.Fits)
        {
            _store.Release(argument);
        }
    }

    internal override void DropArgument(long argument)
    {
        if (!InlineArgument<TArguments>.Fits)
        {
            _store.Drop(argument);
        }
    }

    internal override long CompactArgument(long argument) => InlineArgument<TArguments>.Fits ? argument : _store.Compact(argument);

    /// <summary>Removes queued arguments from the queue and returns them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected TArguments Take(ref long argument) => InlineArgument<TArguments>.Fits ? InlineArgument<TArguments>.Of(ref argument) : _store.Take(argument);
}
