using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A signal with one argument: emitting it runs all connected slots. Keep the signal private, and expose it as <see cref="ISignal{T}"/>.
/// </summary>
/// <remarks>
/// <para>An emission allocates no memory and takes no lock, and a plain connection needs no object other than its delegate.</para>
/// <para>All members are thread-safe. Slots may connect, disconnect, block, emit and dispose, including the signal that is running
/// them.</para>
/// <para>Modeled on the signals of KDBindings (C++) with their deferred connections and generational handles.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class Signal<T> : SignalBase, ISignal<T>
{
    /// <summary>Initializes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Initializes a signal with the specified options.</summary>
    /// <param name="options">The options, which specify the behavior when a slot throws. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action<T>)Emit;

    /// <summary>
    /// Runs all connected slots on the calling thread, in the order in which they were connected, and queues invocations of deferred slots.
    /// Does nothing if the signal has been disposed.
    /// </summary>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <exception cref="Exception">
    /// A slot threw an exception. By default, it is thrown after the other slots have run: a single exception as it was thrown, several as an
    /// <see cref="AggregateException"/>. Use <see cref="SignalOptions"/> to change this behavior.
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

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. The connection ends when either
    /// signal is disposed.
    /// </summary>
    /// <remarks>
    /// <para>Signals that are connected in a cycle emit one another without end.</para>
    /// <para>The connection to a disposed signal is removed by the next emission of this signal, or when further signals are connected to
    /// it.</para>
    /// </remarks>
    /// <param name="target">The signal to emit. The connection keeps it alive, like a slot.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
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
