using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Transport.Custom;

/// <summary>
/// A transport of a user, which may block, throw anything, use a buffer too long and ignore its disposal. It is called on the thread pool, with buffers that
/// nothing else uses, and its pending operations end with its disposal, whatever it does.
/// </summary>
/// <param name="transport">The transport of the user.</param>
/// <param name="logger">The log for what it does wrong.</param>
internal sealed class GuardedTransport(IpcTransport transport, ILogger logger) : IpcTransport
{
    private const int BufferSize = 16 * 1024;

    /// <summary>The bytes of the last receive. Written by the user's transport while <see cref="_isReceiving"/>.</summary>
    private readonly byte[] _received = new byte[BufferSize];

    /// <summary>The bytes of the last send, which the user's transport reads.</summary>
    private readonly byte[] _sent = new byte[BufferSize];

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    /// <summary>The offset of the first received byte that has not been taken, and of the end of them.</summary>
    private int _start;
    private int _end;

    private bool _isReceiving;

    /// <summary>Indicates whether the peer has closed its sending side.</summary>
    private bool _isEnded;

    /// <summary>The reason for which receiving has failed, or null.</summary>
    private DisconnectReason? _failure;

    /// <summary>Completed when a receive has ended or the transport is disposed; null while nothing waits for it.</summary>
    private TaskCompletionSource? _change;

    /// <summary>Completed when the pending send has ended or the transport is disposed; null while no send is pending.</summary>
    private TaskCompletionSource<int>? _sending;

    private bool _isDisposed;

    /// <inheritdoc/>
    internal override int Available
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                ThrowIfDisposed();
                return _end - _start;
            }
        }
    }

    /// <inheritdoc/>
    internal override bool CanPoll => true;

    /// <summary>Gets the interval of TCP: the transport may cross machines.</summary>
    internal override TimeSpan DefaultKeepAlive => TcpSettings.KeepAlive;

    /// <inheritdoc/>
    public override ValueTask<PeerIdentity?> IdentifyPeerAsync(CancellationToken cancellationToken) =>
        new(Task.Run(() => transport.IdentifyPeerAsync(cancellationToken).AsTask(), CancellationToken.None));

    /// <inheritdoc/>
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        while (true)
        {
            await WaitForBytesAsync().ConfigureAwait(false);
            lock (_lock)
            {
                AssertInvariants();
                ThrowIfDisposed();
                if (_start < _end)
                {
                    int count = Math.Min(buffer.Length, _end - _start);
                    _received.AsSpan(_start, count).CopyTo(buffer.Span);
                    _start += count;
                    return count;
                }

                if (_failure is not null)
                {
                    throw new TransportFailure(_failure);
                }

                if (_isEnded)
                {
                    return 0;
                }
            }
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        TaskCompletionSource<int> sending;
        int length = Math.Min(bytes.Length, BufferSize);
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            bytes.Span[..length].CopyTo(_sent);
            sending = _sending = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        ThreadPool.UnsafeQueueUserWorkItem(
            static send => _ = send.Transport.SendOnPoolAsync(send.Length, send.Sending),
            (Transport: this, Length: length, Sending: sending),
            preferLocal: false
        );
        return await sending.Task.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override DisconnectReason? Explain(Exception exception) => exception is TransportFailure failure ? failure.Reason : base.Explain(exception);

    /// <inheritdoc/>
    public override void Dispose()
    {
        TaskCompletionSource? change;
        TaskCompletionSource<int>? sending;
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            change = _change;
            _change = null;
            sending = _sending;
            _sending = null;
        }

        // Not awaited: the library's loops end although the user's transport may not.
        change?.TrySetResult();
        sending?.TrySetException(new ObjectDisposedException(nameof(IpcTransport)));
        CustomTransports.Dispose(transport, logger);
    }

    /// <inheritdoc/>
    internal override async ValueTask<int> WaitForBytesAsync()
    {
        while (!CanReceive(out Task? change))
        {
            await change.ConfigureAwait(false);
        }

        return 0;
    }

    /// <inheritdoc/>
    internal override bool Poll(TimeSpan timeout) =>
        CanReceive(out Task? change) || (timeout != TimeSpan.Zero && change.Wait(timeout) && CanReceive(out _));

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_start <= _end && _end <= BufferSize);
        Debug.Assert(!_isReceiving || _start == _end, "The user's transport writes only into a buffer that has been read.");
        Debug.Assert(!_isDisposed || (_change is null && _sending is null), "Nothing waits for a disposed transport.");
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(IpcTransport));

    /// <summary>Returns a value that indicates whether a receive would complete. If not, begins one, and returns the task that completes when it has ended.</summary>
    private bool CanReceive([NotNullWhen(false)] out Task? change)
    {
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            change = null;
            if (_start < _end || _isEnded || _failure is not null)
            {
                return true;
            }

            change = (_change ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            if (_isReceiving)
            {
                return false;
            }

            _isReceiving = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static transport => _ = transport.ReceiveOnPoolAsync(), this, preferLocal: false);
        return false;
    }

    private async Task ReceiveOnPoolAsync()
    {
        int count = 0;
        DisconnectReason? failure = null;
        try
        {
            count = await transport.ReceiveAsync(_received).ConfigureAwait(false);
            ThrowIfNotCount(count, minimum: 0, BufferSize);
        }
        catch (Exception exception)
        {
            failure = Describe(exception);
        }

        TaskCompletionSource? change;
        lock (_lock)
        {
            _isReceiving = false;
            _failure = failure;
            _isEnded = count == 0;
            _start = 0;
            _end = failure is null ? count : 0;
            change = _change;
            _change = null;
            AssertInvariants();
        }

        change?.TrySetResult();
    }

    private async Task SendOnPoolAsync(int length, TaskCompletionSource<int> sending)
    {
        try
        {
            int count = await transport.SendAsync(_sent.AsMemory(0, length)).ConfigureAwait(false);
            ThrowIfNotCount(count, minimum: 1, length);
            sending.TrySetResult(count);
        }
        catch (Exception exception)
        {
            sending.TrySetException(new TransportFailure(Describe(exception)));
        }
    }

    private static void ThrowIfNotCount(int count, int minimum, int maximum)
    {
        if (count < minimum || count > maximum)
        {
            throw new InvalidOperationException($"The transport returned {count} as the number of bytes; there were {minimum} to {maximum}.");
        }
    }

    /// <summary>Returns the reason for an exception of the user's transport, which is asked first.</summary>
    private DisconnectReason Describe(Exception exception)
    {
        try
        {
            if (transport.Explain(exception) is { } reason)
            {
                return reason;
            }
        }
        catch (Exception unexplained)
        {
            TransportLog.TransportThrew(logger, unexplained);
        }

        TransportLog.TransportThrew(logger, exception);
        return new DisconnectReason(DisconnectCause.ConnectionLost, $"The transport failed: {exception.Message}", exception);
    }
}
