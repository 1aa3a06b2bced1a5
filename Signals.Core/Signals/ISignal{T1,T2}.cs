namespace Signals;

/// <summary>
/// The subscriber's view of a signal with two arguments: slots can be connected to it, but it cannot be emitted. Differs from
/// <see cref="ISignal{T}"/> only in the number of arguments; see there for details.
/// </summary>
/// <typeparam name="T1">The type of the first argument.</typeparam>
/// <typeparam name="T2">The type of the second argument.</typeparam>
public interface ISignal<out T1, out T2>
{
    /// <inheritdoc cref="ISignal{T}.Connect(Action{T})"/>
    ConnectionHandle Connect(Action<T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.Connect(Action)"/>
    ConnectionHandle Connect(Action slot);

    /// <inheritdoc cref="ISignal{T}.Connect{TState}(TState, Action{TState, T})"/>
    ConnectionHandle Connect<TState>(TState state, Action<TState, T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectReflective(Action{ConnectionHandle, T})"/>
    ConnectionHandle ConnectReflective(Action<ConnectionHandle, T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectSingleShot(Action{T})"/>
    ConnectionHandle ConnectSingleShot(Action<T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferred(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredLatest(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredReflective(ConnectionEvaluator, Action{ConnectionHandle, T})"/>
    ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectDeferredSingleShot(ConnectionEvaluator, Action{T})"/>
    ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T1, T2> slot);

    /// <inheritdoc cref="ISignal{T}.ConnectWeak{TTarget}(TTarget, Action{TTarget, T})"/>
    ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T1, T2> slot)
        where TTarget : class;
}
