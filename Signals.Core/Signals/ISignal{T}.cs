namespace Signals;

/// <summary>
/// The subscriber's view of a signal with one argument: slots can be connected to it, but it cannot be emitted. A class keeps its
/// <see cref="Signal{T}"/> private, emits it, and exposes it as this interface.
/// </summary>
/// <remarks>
/// <para>The only member connects a slot object. Extension methods connect delegates, in all the kinds of connections that exist:
/// <see cref="PlainConnections"/>, <see cref="StateConnections"/>, <see cref="ReflectiveConnections"/>,
/// <see cref="SingleShotConnections"/>, <see cref="WeakConnections"/>, <see cref="DeferredConnections"/> and <see cref="SignalChaining"/>. An
/// implementation of this interface therefore supports each of them, those of later versions included.</para>
/// <para>Slots run in the order in which they were connected, on the thread that emits, unless their connection is deferred. A slot that is
/// connected during an emission runs for the first time in the next one.</para>
/// <para>All members are thread-safe and may also be called from inside a slot.</para>
/// <para>Each method throws <see cref="ArgumentNullException"/> if a slot, target or evaluator is null, and
/// <see cref="ObjectDisposedException"/> if the signal has been disposed; in these cases, no connection is made. The signal keeps a slot,
/// and all objects that the slot captures, alive until its connection ends.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public interface ISignal<out T>
{
    /// <summary>Connects a slot object, which is invoked by every later emission.</summary>
    /// <param name="slot">The slot, which is not connected elsewhere.</param>
    /// <returns>The handle of the connection, which can be used to end it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="slot"/> has been connected before.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    ConnectionHandle Connect(ISlot<T> slot);
}
