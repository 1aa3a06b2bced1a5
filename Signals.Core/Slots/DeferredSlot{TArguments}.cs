namespace Signals;

/// <inheritdoc/>
internal sealed class DeferredSlot<TArguments>(ConnectionEvaluator evaluator, Delegate slot, ConnectionKind kind) : DeferredSlot(evaluator, slot, kind)
    where TArguments : struct, IArguments<TArguments>
{
    private readonly ArgumentStore<TArguments> _store = evaluator.StoreOf<TArguments>();

    /// <summary>Queues an emission.</summary>
    internal void Queue(TArguments arguments) => Evaluator.Enqueue(this, _store, arguments);

    internal override bool RunQueued(ref long argument)
    {
        TArguments arguments = InlineArgument<TArguments>.Fits ? InlineArgument<TArguments>.Of(ref argument) : _store.Take(argument);
        switch (Kind)
        {
            case ConnectionKind.DeferredReflective:
                arguments.InvokeWith(UserSlot, Handle);
                return true;
            case ConnectionKind.DeferredSingleShot when !Handle.TryDisconnect():
                return false;
            default:
                arguments.Invoke(UserSlot);
                return true;
        }
    }

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
}
