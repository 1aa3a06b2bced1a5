namespace Signals;

/// <summary>A signal with no argument, as others see it: something to connect to. See <see cref="ISignal{T}"/>, which differs only in that.</summary>
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
