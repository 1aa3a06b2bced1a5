using System.Collections.Concurrent;
using System.Diagnostics;

namespace Signals.Ipc.Transport.Memory;

/// <summary>Accepts the clients of this process at one in-memory endpoint.</summary>
internal sealed class MemoryListener : TransportListener
{
    /// <summary>The listeners of the process.</summary>
    private static readonly ConcurrentDictionary<IpcEndpoint, MemoryListener> Listening = new();

    private readonly int _capacity;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>The clients that have connected before <see cref="Start"/>. Null afterwards.</summary>
    private List<MemoryTransport>? _early = [];

    private bool _isDisposed;

    private MemoryListener(IpcEndpoint endpoint, int capacity)
    {
        Endpoint = endpoint;
        _capacity = capacity;
    }

    /// <inheritdoc/>
    internal override IpcEndpoint Endpoint { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="endpoint">The in-memory endpoint.</param>
    /// <param name="capacity">The number of unread bytes at which a sender waits, in each direction.</param>
    /// <exception cref="IpcException">Another host of this process is listening there.</exception>
    internal static MemoryListener Listen(IpcEndpoint endpoint, int capacity = MemoryTransport.DefaultCapacity)
    {
        var listener = new MemoryListener(endpoint, capacity);
        return Listening.TryAdd(endpoint, listener)
            ? listener
            : throw new IpcException($"Listening on {endpoint} failed: another host of this process is listening there. Stop it, or choose another name.");
    }

    /// <summary>Connects to the listener of an endpoint.</summary>
    /// <returns>The client's end, or null if no host listens there.</returns>
    internal static MemoryTransport? TryConnect(IpcEndpoint endpoint) =>
        Listening.TryGetValue(endpoint, out MemoryListener? listener) ? listener.TryConnect() : null;

    /// <inheritdoc/>
    internal override void Start()
    {
        List<MemoryTransport>? early;
        lock (_lock)
        {
            AssertInvariants();
            early = _early;
            _early = null;
        }

        early?.ForEach(Accepted.Emit);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        Listening.TryRemove(KeyValuePair.Create(Endpoint, this));
        List<MemoryTransport>? early;
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
            early = _early;
            _early = null;
        }

        early?.ForEach(static client => client.Dispose());
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isDisposed || _early is null, "A disposed listener holds no clients.");
    }

    private MemoryTransport? TryConnect()
    {
        (MemoryTransport client, MemoryTransport host) = MemoryTransport.CreatePair(_capacity);
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return null;
            }

            if (_early is { } early)
            {
                early.Add(host);
                return client;
            }
        }

        // On this thread, so that the host numbers its clients in the order in which they connect.
        Accepted.Emit(host);
        return client;
    }
}
