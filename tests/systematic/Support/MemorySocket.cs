using System.Net;
using System.Net.Sockets;

namespace Signals.Systematic.Support;

/// <summary>
/// Socket whose connections are made in memory, by tasks and monitors that the exploration controls. Members that are not hidden here act on
/// a socket of the system that is never connected.
/// </summary>
internal sealed class MemorySocket : System.Net.Sockets.Socket
{
    /// <summary>The number of bytes that a receiver buffers before senders wait: so few that a message takes several sends.</summary>
    private const int Capacity = 64;

    /// <summary>The socket that listens: a scenario has one. Not what guards it: nothing that is locked may outlive a schedule.</summary>
    private static MemorySocket? s_listener;

    /// <summary>Guards the socket, its peer and the listener that they met at: they share it.</summary>
    private object _gate = new();

    private readonly Queue<byte> _received = new();

    /// <summary>Connections that wait to be accepted.</summary>
    private readonly Queue<MemorySocket> _backlog = new();

    /// <summary>The address that this socket listens at, or null.</summary>
    private EndPoint? _address;

    private MemorySocket? _peer;
    private bool _isDisposed;

    /// <summary>Completed by the next change of this socket or its peer, or null while no operation waits.</summary>
    private TaskCompletionSource? _change;

    internal MemorySocket(AddressFamily family, SocketType type, ProtocolType protocol)
        : base(family, type, protocol) { }

    internal MemorySocket(SocketType type, ProtocolType protocol)
        : base(type, protocol) { }

    internal new int Available
    {
        get
        {
            lock (_gate)
            {
                return _received.Count;
            }
        }
    }

    internal new EndPoint? LocalEndPoint => _address;

    internal new void Bind(EndPoint address) => _address = address;

    internal new void Listen(int backlog)
    {
        _ = backlog;
        lock (_gate)
        {
            s_listener = this;
        }
    }

    internal new MemorySocket Accept() => throw new NotSupportedException("Connections in memory are accepted asynchronously.");

    internal new Task<MemorySocket> AcceptAsync() => AcceptAsync(CancellationToken.None);

    internal new async Task<MemorySocket> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfDisposed();
                if (_backlog.TryDequeue(out MemorySocket? accepted))
                {
                    return accepted;
                }

                change = NextChange();
            }

            CancellationTokenRegistration registration = cancellationToken.Register(Announce);
            await change;

            // Disposing it would wait, out of control, for a callback that another thread is in.
            registration.Unregister();
        }
    }

    internal new async Task ConnectAsync(EndPoint address)
    {
        // As a socket of the system does, most often.
        await Task.Yield();
        if (s_listener is not { } listener || !address.Equals(listener._address))
        {
            throw new SocketException((int)SocketError.ConnectionRefused);
        }

        lock (listener._gate)
        {
            ThrowIfDisposed();
            if (listener._isDisposed)
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            _gate = listener._gate;
            _peer = new MemorySocket(AddressFamily, SocketType, ProtocolType) { _peer = this, _gate = _gate };
            listener._backlog.Enqueue(_peer);
            listener.Announce();
        }
    }

    internal new ValueTask ConnectAsync(EndPoint address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask(ConnectAsync(address));
    }

    internal new async ValueTask<int> ReceiveAsync(Memory<byte> buffer, SocketFlags flags, CancellationToken cancellationToken = default)
    {
        _ = flags;
        while (true)
        {
            Task change;
            lock (_gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfDisposed();
                if (_received.Count > 0)
                {
                    int count = Math.Min(buffer.Length, _received.Count);
                    for (int i = 0; i < count; i++)
                    {
                        buffer.Span[i] = _received.Dequeue();
                    }

                    _peer!.Announce();
                    return count;
                }

                if (_peer!._isDisposed)
                {
                    return 0;
                }

                change = NextChange();
            }

            await change;
        }
    }

    internal new async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes, SocketFlags flags, CancellationToken cancellationToken = default)
    {
        _ = flags;
        while (true)
        {
            Task change;
            lock (_gate)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ThrowIfDisposed();
                MemorySocket peer = _peer!;
                if (peer._isDisposed)
                {
                    throw new SocketException((int)SocketError.ConnectionReset);
                }

                int count = Math.Min(bytes.Length, Capacity - peer._received.Count);
                if (count > 0)
                {
                    for (int i = 0; i < count; i++)
                    {
                        peer._received.Enqueue(bytes.Span[i]);
                    }

                    peer.Announce();
                    return count;
                }

                change = NextChange();
            }

            await change;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            lock (_gate)
            {
                _isDisposed = true;
                foreach (MemorySocket waiting in _backlog)
                {
                    waiting._isDisposed = true;
                    waiting._peer!.Announce();
                }

                Announce();
                _peer?.Announce();
            }
        }

        base.Dispose(disposing);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    /// <summary>Gets a task that ends with the next change. Called inside the gate.</summary>
    private Task NextChange()
    {
        _change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _change.Task;
    }

    private void Announce()
    {
        TaskCompletionSource? change;
        lock (_gate)
        {
            change = _change;
            _change = null;
        }

        change?.TrySetResult();
    }
}
