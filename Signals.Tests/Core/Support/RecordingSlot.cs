namespace Signals.Tests.Core;

/// <summary>Slot object that records the calls of its members.</summary>
internal sealed class RecordingSlot(CallLog log) : ISlot<int>
{
    internal ConnectionHandle Handle { get; private set; }

    /// <summary>Gets or sets the delegate that is called when the connection begins.</summary>
    internal Action<ConnectionHandle>? Connected { get; set; }

    /// <summary>Gets or sets the delegate that is called when the connection ends.</summary>
    internal Action? Disconnected { get; set; }

    public void Invoke(int value) => log.Add(value);

    public void OnConnected(ConnectionHandle connection)
    {
        Handle = connection;
        log.Add(connection.IsActive ? "connected" : "ended early");
        Connected?.Invoke(connection);
    }

    public void OnDisconnected(bool isSignalDisposed)
    {
        log.Add(isSignalDisposed ? "disposed" : "disconnected");
        Disconnected?.Invoke();
    }
}
