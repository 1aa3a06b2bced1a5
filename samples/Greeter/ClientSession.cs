using Signals.Ipc;

namespace Greeter;

/// <summary>A client and its proxy, whose signals are told as they fire and can be waited for.</summary>
internal sealed class ClientSession
{
    private readonly Lock _lock = new();

    /// <summary>Completed while the proxy is bound; failed when that will not come about by itself.</summary>
    private TaskCompletionSource _bound = NewSource();

    internal ClientSession(IpcClient client, GreeterProxy proxy, Narrator narrator)
    {
        client.Connected.Connect(() => narrator.Signal("client.Connected", $"there is a connection to {client.Endpoint}"));
        client.ConnectFailed.Connect(reason => narrator.Signal("client.ConnectFailed", reason.Message));
        client.Disconnected.Connect(reason => narrator.Signal("client.Disconnected", reason.Message));
        proxy.Connected.Connect(() =>
        {
            narrator.Signal("proxy.Connected", "the Greeter can be called");
            Bound.TrySetResult();
        });
        proxy.Disconnected.Connect(reason =>
        {
            narrator.Signal("proxy.Disconnected", reason.Message);
            OnDisconnected(reason);
        });
        client.Bind(proxy);
    }

    private TaskCompletionSource Bound
    {
        get
        {
            lock (_lock)
            {
                return _bound;
            }
        }
    }

    /// <summary>Waits for the proxy to be bound.</summary>
    /// <exception cref="IpcDisconnectedException">There is no host, or it refuses.</exception>
    internal Task WaitUntilConnectedAsync(CancellationToken stop) => Bound.Task.WaitAsync(stop);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnDisconnected(DisconnectReason reason)
    {
        lock (_lock)
        {
            // A connection that was lost may come back; one that never was has failed for whoever waits for it.
            if (!_bound.TrySetException(new IpcDisconnectedException(reason, requestWasSent: false)))
            {
                _bound = NewSource();
            }
        }
    }
}
