using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A signal with one argument: emitting it runs all connected slots. Keep it private and expose it as <see cref="ISignal{T}"/>.
/// </summary>
/// <remarks>
/// <para>An emission allocates nothing and takes no lock; a connection costs no object of its own. What is left open elsewhere is defined
/// here: slots may connect, disconnect, block, emit and dispose from inside slots; each member may be called from any thread.</para>
/// <para>The model is the signal of KDBindings (C++), with its deferred connections and generational handles.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class Signal<T> : SignalBase, ISignal<T>
{
    /// <summary>Makes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Makes a signal with options.</summary>
    /// <param name="options">How it behaves when a slot throws.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action<T>)Emit;

    /// <summary>
    /// Runs all connected slots on this thread, in the order of their connections, and queues the deferred ones. A disposed signal has none.
    /// </summary>
    /// <param name="value">What to pass to the slots.</param>
    /// <exception cref="Exception">
    /// What a slot threw, after the others have run: one exception as it was thrown, several as an <see cref="AggregateException"/>.
    /// <see cref="SignalOptions"/> can change that.
    /// </exception>
    public void Emit(T value)
    {
        object? slots = Slots;
        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, new Arguments<T>(value));
        }
        else if (slots is not null)
        {
            Unsafe.As<Action<T>>(slots)(value);
        }
    }

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action<T> slot) => ConnectSlot(slot);

    /// <inheritdoc/>
    public ConnectionHandle Connect(Action slot) => ConnectDropping<Arguments<T>>(slot);

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
    public ConnectionHandle Connect(Signal<T> target) => ConnectChained<Arguments<T>>(target);

    /// <inheritdoc/>
    public ConnectionHandle Connect<TState>(TState state, Action<TState, T> slot) => ConnectWithState<TState, Arguments<T>>(state, slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectReflective(Action<ConnectionHandle, T> slot) => ConnectReflective<Arguments<T>>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectSingleShot(Action<T> slot) => ConnectSingleShot<Arguments<T>>(slot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferred(ConnectionEvaluator evaluator, Action<T> slot) =>
        ConnectDeferred<Arguments<T>>(evaluator, slot, ConnectionKind.Deferred);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredLatest(ConnectionEvaluator evaluator, Action<T> slot) =>
        ConnectDeferred<Arguments<T>>(evaluator, slot, ConnectionKind.DeferredLatest);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredReflective(ConnectionEvaluator evaluator, Action<ConnectionHandle, T> slot) =>
        ConnectDeferred<Arguments<T>>(evaluator, slot, ConnectionKind.DeferredReflective);

    /// <inheritdoc/>
    public ConnectionHandle ConnectDeferredSingleShot(ConnectionEvaluator evaluator, Action<T> slot) =>
        ConnectDeferred<Arguments<T>>(evaluator, slot, ConnectionKind.DeferredSingleShot);

    /// <inheritdoc/>
    public ConnectionHandle ConnectWeak<TTarget>(TTarget target, Action<TTarget, T> slot)
        where TTarget : class => ConnectWeak<TTarget, Arguments<T>>(target, slot);
}
