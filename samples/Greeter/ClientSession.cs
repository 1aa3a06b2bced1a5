using Signals.Ipc;

namespace Greeter;

/// <summary>A client and its proxy, whose signals are told as they fire and can be waited for.</summary>
internal sealed class ClientSession
{
    private readonly Lock _lock = new();

    /// <summary>Completed while the proxy is bound, with what completes when that is lost; failed when it will not come about by itself.</summary>
    private TaskCompletionSource<Task> _bound = NewSource<Task>();

    /// <summary>Completed when the binding that there is, or was last, has been lost.</summary>
    private TaskCompletionSource<DisconnectReason> _lost = NewSource<DisconnectReason>();

    internal ClientSession(IpcClient client, GreeterProxy proxy, Narrator narrator)
    {
        client.Connected.Connect(() => narrator.Signal("client.Connected", $"there is a connection to {client.Endpoint}"));
        client.ConnectFailed.Connect(reason => narrator.Signal("client.ConnectFailed", reason.Message));
        client.Disconnected.Connect(reason => narrator.Signal("client.Disconnected", reason.Message));
        proxy.Connected.Connect(() =>
        {
            narrator.Signal("proxy.Connected", "the Greeter can be called");
            OnConnected();
        });
        proxy.Disconnected.Connect(reason =>
        {
            narrator.Signal("proxy.Disconnected", reason.Message);
            OnDisconnected(reason);
        });
        client.Bind(proxy);
    }

    /// <summary>Waits for the proxy to be bound.</summary>
    /// <returns>A task that completes when this binding has been lost, and the signals have told so.</returns>
    /// <exception cref="IpcDisconnectedException">There is no host, or it refuses.</exception>
    internal Task<Task> WaitUntilConnectedAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            return _bound.Task.WaitAsync(stop);
        }
    }

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnConnected()
    {
        lock (_lock)
        {
            _lost = NewSource<DisconnectReason>();
            _bound.SetResult(_lost.Task);
        }
    }

    private void OnDisconnected(DisconnectReason reason)
    {
        lock (_lock)
        {
            // A connection that was lost may come back; one that never was has failed for whoever waits for it.
            if (!_bound.TrySetException(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false)))
            {
                _bound = NewSource<Task>();
                _lost.SetResult(reason);
            }
        }
    }
}
