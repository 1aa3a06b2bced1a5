using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Memory;

namespace Signals.Tests.Support;

/// <summary>Listens at an in-memory endpoint, and keeps each client until a test accepts it.</summary>
internal sealed class MemoryBacklog : IDisposable
{
    private readonly MemoryListener _listener;
    private readonly Lock _lock = new();
    private readonly Queue<IpcTransport> _waiting = new();

    /// <summary>Completed by the next client, or null while nothing waits for it.</summary>
    private TaskCompletionSource? _arrival;

    internal MemoryBacklog(IpcEndpoint endpoint, int capacity)
    {
        _listener = MemoryListener.Listen(endpoint, capacity);
        _listener.Accepted.Connect(Add);
        _listener.Start();
    }

    internal bool IsEmpty
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count == 0;
            }
        }
    }

    internal async Task<IpcTransport> AcceptAsync()
    {
        while (true)
        {
            Task arrival;
            lock (_lock)
            {
                if (_waiting.TryDequeue(out IpcTransport? client))
                {
                    return client;
                }

                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
            }

            await arrival;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        lock (_lock)
        {
            while (_waiting.TryDequeue(out IpcTransport? client))
            {
                client.Dispose();
            }
        }
    }

    private void Add(IpcTransport client)
    {
        TaskCompletionSource? arrival;
        lock (_lock)
        {
            _waiting.Enqueue(client);
            arrival = _arrival;
            _arrival = null;
        }

        arrival?.TrySetResult();
    }
}
