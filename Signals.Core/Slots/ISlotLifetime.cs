namespace Signals;

/// <summary>
/// The part of a slot object that does not depend on the number of arguments: the signal reports the beginning and the end of the
/// connection. See <see cref="ISlot{T}"/>.
/// </summary>
public interface ISlotLifetime
{
    /// <summary>
    /// Called once with the handle of the connection, on the thread that connects, before the first emission reaches the slot. Emissions that
    /// take place before this method has returned do not reach the slot. If it throws, the connection ends, and the caller that connects
    /// receives the exception.
    /// </summary>
    /// <param name="connection">The handle of the connection.</param>
    void OnConnected(ConnectionHandle connection);

    /// <summary>
    /// Called once after the connection has ended for any reason, on the thread that ended it. An emission on another thread may still be
    /// inside the slot. If it throws when a single connection is ended, the exception goes to the
    /// <see cref="SignalOptions.ExceptionHandler"/>, or is unhandled if there is none.
    /// </summary>
    /// <param name="isSignalDisposed">
    /// <see langword="true"/> if the connection ended because the signal was disposed; otherwise, <see langword="false"/>.
    /// </param>
    void OnDisconnected(bool isSignalDisposed);
}
