using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>A signal with no argument: emitting it runs all connected slots. See <see cref="Signal{T}"/>, which differs only in that.</summary>
public sealed class Signal : SignalBase, ISignal
{
    /// <summary>Makes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Makes a signal with options.</summary>
    /// <param name="options">How it behaves when a slot throws.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action)Emit;

    /// <summary>
    /// Runs all connected slots on this thread, in the order of their connections, and queues the deferred ones. A disposed signal has none.
    /// </summary>
    /// <exception cref="Exception">
    /// What a slot threw, after the others have run: one exception as it was thrown, several as an <see cref="AggregateException"/>.
    /// <see cref="SignalOptions"/> can change that.
    /// </exception>
    public void Emit()
    {
        object? slots = Slots;
        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, default(Arguments));
        }
        else if (slots is not null)
        {
            Unsafe.As<Action>(slots)();
        }
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action slot) => ConnectSlot(slot);

    /// <summary>Connects another signal: it is emitted with the same arguments (none) whenever this one is. Disposing either ends the connection.</summary>
    /// <remarks>
    /// <para>Signals that are connected in a ring emit each other endlessly.</para>
    /// <para>The connection to a disposed signal is removed by this signal's next emission, or when other signals are connected to it.</para>
    /// </remarks>
    /// <param name="target">The signal to emit. It is kept alive like any slot.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is this signal.</exception>
    /// <exception cref="ObjectDisposedException">This signal has been disposed.</exception>
    public ConnectionHandle Connect(Signal target) => ConnectChained<Arguments>(target);

    /// <inheritdoc/>
    public ConnectionHandle Connect<TState>(TState state, Action<TState> slot) => ConnectWithState<TState, Arguments>(state, slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectReflective(Action<ConnectionHandle> slot) => ConnectReflective<Arguments>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectSingleShot(Action slot) => ConnectSingleShot<Arguments>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action slot) =>
        ConnectDeferred<Arguments>(evaluator, slot, ConnectionKind.Deferred);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action slot) =>
        ConnectDeferred<Arguments>(evaluator, slot, ConnectionKind.DeferredLatest);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle> slot) =>
        ConnectDeferred<Arguments>(evaluator, slot, ConnectionKind.DeferredReflective);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action slot) =>
        ConnectDeferred<Arguments>(evaluator, slot, ConnectionKind.DeferredSingleShot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget> slot)
        where TTarget : class => ConnectWeak<TTarget, Arguments>(target, slot);
}
