namespace Signals;

/// <content>The members of <see cref="ISignal{T}"/>, which connect to the inner signal.</content>
public abstract partial class PropertyBase<T>
{
    /// <inheritdoc/>
    public ConnectionHandle Connect(Action<T> slot) => Connected(ChangedSignal().Connect(slot));

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action slot) => Connected(ChangedSignal().Connect(slot));

    /// <inheritdoc/>
    public ConnectionHandle Connect<TState>(TState state, Action<TState, T> slot) => Connected(ChangedSignal().Connect(state, slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, T> slot) => Connected(ChangedSignal().ConnectReflective(slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectSingleShot(Action<T> slot) => Connected(ChangedSignal().ConnectSingleShot(slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T> slot) => Connected(ChangedSignal().ConnectDeferred(evaluator, slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T> slot) =>
        Connected(ChangedSignal().ConnectDeferredLatest(evaluator, slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T> slot) =>
        Connected(ChangedSignal().ConnectDeferredReflective(evaluator, slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T> slot) =>
        Connected(ChangedSignal().ConnectDeferredSingleShot(evaluator, slot));

    /// <inheritdoc/>
    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T> slot)
        where TTarget : class => Connected(ChangedSignal().ConnectWeak(target, slot));
}
