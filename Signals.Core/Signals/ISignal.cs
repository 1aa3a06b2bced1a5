namespace Signals;

/// <summary>
/// The subscriber's view of a signal without arguments: slots can be connected to it, but it cannot be emitted. Differs from
/// <see cref="ISignal{T}"/> only in the number of arguments; see there for details.
/// </summary>
public interface ISignal
{
    /// <inheritdoc cref="ISignal{T}.Connect(Action{T})"/>
    ConnectionHandle Connect(Action slot);

    /// <inheritdoc cref="ISignal{T}.Connect{TState}(TState, Action{TState, T})"/>
    ConnectionHandle Connect<TState>(TState state, Action<TState> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectReflective(Action{ConnectionHandle, T})"/>
    ConnectionHandle ConnectReflective(Action<ConnectionHandle> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectSingleShot(Action{T})"/>
    ConnectionHandle ConnectSingleShot(Action slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferred(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredLatest(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredReflective(ConnectionEvaluator, Action{ConnectionHandle, T})"/>
    ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredSingleShot(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action slot);

    /// <inheritdoc cref="ISignal{T}.ConnectWeak{TTarget}(TTarget, Action{TTarget, T})"/>
    ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget> slot)
        where TTarget : class;
}
