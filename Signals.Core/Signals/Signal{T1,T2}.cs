using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>A signal with two arguments: emitting it runs all connected slots. See <see cref="Signal{T}"/>, which differs only in that.</summary>
/// <typeparam name="T1">The type of argument 1.</typeparam>
/// <typeparam name="T2">The type of argument 2.</typeparam>
public sealed class Signal<T1, T2> : SignalBase, ISignal<T1, T2>
{
    /// <summary>Makes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Makes a signal with options.</summary>
    /// <param name="options">How it behaves when a slot throws.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action<T1, T2>)Emit;

    /// <summary>
    /// Runs all connected slots on this thread, in the order of their connections, and queues the deferred ones. A disposed signal has none.
    /// </summary>
    /// <param name="value1">What to pass to the slots as argument 1.</param>
    /// <param name="value2">What to pass to the slots as argument 2.</param>
    /// <exception cref="Exception">
    /// What a slot threw, after the others have run: one exception as it was thrown, several as an <see cref="AggregateException"/>.
    /// <see cref="SignalOptions"/> can change that.
    /// </exception>
    public void Emit(T1 value1, T2 value2)
    {
        object? slots = Slots;
        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, new Arguments<T1, T2>(value1, value2));
        }
        else if (slots is not null)
        {
            Unsafe.As<Action<T1, T2>>(slots)(value1, value2);
        }
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action<T1, T2> slot) => ConnectSlot(slot);

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action slot) => ConnectDropping<Arguments<T1, T2>>(slot);

    /// <summary>Connects another signal: it is emitted with the same arguments whenever this one is. Disposing either ends the connection.</summary>
    /// <remarks>
    /// <para>Signals that are connected in a ring emit each other endlessly.</para>
    /// <para>The connection to a disposed signal is removed by this signal's next emission, or when other signals are connected to it.</para>
    /// </remarks>
    /// <param name="target">The signal to emit. It is kept alive like any slot.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is this signal.</exception>
    /// <exception cref="ObjectDisposedException">This signal has been disposed.</exception>
    public ConnectionHandle Connect(Signal<T1, T2> target) => ConnectChained<Arguments<T1, T2>>(target);

    /// <inheritdoc/>
    public ConnectionHandle Connect<TState>(TState state, Action<TState, T1, T2> slot) => ConnectWithState<TState, Arguments<T1, T2>>(state, slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, T1, T2> slot) => ConnectReflective<Arguments<T1, T2>>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectSingleShot(Action<T1, T2> slot) => ConnectSingleShot<Arguments<T1, T2>>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T1, T2> slot) =>
        ConnectDeferred<Arguments<T1, T2>>(evaluator, slot, ConnectionKind.Deferred);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T1, T2> slot) =>
        ConnectDeferred<Arguments<T1, T2>>(evaluator, slot, ConnectionKind.DeferredLatest);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T1, T2> slot) =>
        ConnectDeferred<Arguments<T1, T2>>(evaluator, slot, ConnectionKind.DeferredReflective);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T1, T2> slot) =>
        ConnectDeferred<Arguments<T1, T2>>(evaluator, slot, ConnectionKind.DeferredSingleShot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T1, T2> slot)
        where TTarget : class => ConnectWeak<TTarget, Arguments<T1, T2>>(target, slot);
}
