namespace Signals;

/// <summary>The entries of an evaluator's queue that run continuations. They belong to no signal, and are never dropped.</summary>
/// <param name="evaluator">The evaluator.</param>
internal sealed class ContinuationSlot(ConnectionEvaluator evaluator) : DeferredSlot(evaluator, (Action<Continuation>)Run)
{
    /// <summary>Gets the store of the continuations.</summary>
    internal ArgumentStore<Continuation> Store { get; } = evaluator.StoreOf<Continuation>();

    internal override bool IsNeverDropped => true;

    internal override bool RunQueued(ref long argument)
    {
        Run(Store.Take(argument));
        return true;
    }

    internal override void ReleaseArgument(long argument) => Store.Release(argument);

    internal override void DropArgument(long argument) => Store.Drop(argument);

    internal override long CompactArgument(long argument) => Store.Compact(argument);

    private static void Run(Continuation continuation) => continuation.Run();
}
