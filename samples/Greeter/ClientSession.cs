using Signals;
using Signals.Ipc;

namespace Greeter;

/// <summary>A client and its proxy. Their signals are written to the narrator, and can be awaited.</summary>
internal sealed class ClientSession
{
    private readonly Lock _lock = new();

    /// <summary>Completed while the proxy is bound, with the task of the loss; failed if the client does not retry.</summary>
    private TaskCompletionSource<Task> _bound = NewSource<Task>();

    /// <summary>Completed when the current binding has been lost.</summary>
    private TaskCompletionSource<DisconnectReason> _lost = NewSource<DisconnectReason>();

    internal ClientSession(IpcClient client, GreeterProxy proxy, Narrator narrator)
    {
        // The client, the proxy and this session have the same lifetime: the handles are not needed.
        _ = client.Connected.Connect(() => narrator.Signal("client.Connected", $"connected to {client.Endpoint}"));
        _ = client.ConnectFailed.Connect(reason => narrator.Signal("client.ConnectFailed", reason.Message));
        _ = client.Disconnected.Connect(reason => narrator.Signal("client.Disconnected", reason.Message));
        _ = proxy.Connected.Connect(() =>
        {
            narrator.Signal("proxy.Connected", "the Greeter can be called");
            OnConnected();
        });
        _ = proxy.Disconnected.Connect(reason =>
        {
            narrator.Signal("proxy.Disconnected", reason.Message);
            OnDisconnected(reason);
        });
        client.Bind(proxy);
    }

    /// <summary>Waits for the proxy to be bound.</summary>
    /// <returns>A task that completes when this binding has been lost and the signals have reported the loss.</returns>
    /// <exception cref="IpcDisconnectedException">There is no host, or the host refuses the service.</exception>
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
            // The client reconnects after a loss. If there was no connection, the attempt fails for the callers that wait for it.
            if (!_bound.TrySetException(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false)))
            {
                _bound = NewSource<Task>();
                _lost.SetResult(reason);
            }
        }
    }
}
