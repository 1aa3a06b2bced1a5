using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace Signals.Nats.Connections;

/// <summary>
/// The connection to the server. One loop sends all messages, to keep their order, and only while the connection is open: otherwise the NATS client would
/// buffer messages without a limit.
/// </summary>
internal sealed class NatsPort : INatsPort, IAsyncDisposable
{
    /// <summary>The maximum time that disposing waits for the last messages, and then for the client.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(250);

    /// <summary>The number of batches of emissions after which other messages have their turn.</summary>
    private const int MaxTurn = 16;

    private readonly NatsConnection _connection;
    private readonly bool _isOwner;
    private readonly IPortUser _user;
    private readonly string _exchange;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();

    /// <summary>Wakes the sending loop.</summary>
    private readonly Channel<byte> _wake = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    private readonly Queue<Outgoing> _outgoing = new();
    private readonly Dictionary<string, PortSubscription> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Indicates whether <see cref="IPortUser.OnOpened"/> was called for the current connection.</summary>
    private bool _isOpen;

    private bool _isDisposed;
    private Task? _sending;

    internal NatsPort(NatsConnection connection, bool isOwner, IPortUser user, string exchange, ILogger logger)
    {
        _connection = connection;
        _isOwner = isOwner;
        _user = user;
        _exchange = exchange;
        _logger = logger;
    }

    /// <inheritdoc/>
    public bool IsOpen => _connection.ConnectionState == NatsConnectionState.Open;

    /// <inheritdoc/>
    public void Start()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_sending is not null || _isDisposed)
            {
                return;
            }

            _connection.ConnectionOpened += OnOpenedAsync;
            _connection.ConnectionDisconnected += OnDisconnectedAsync;
            _connection.ServerError += OnServerErrorAsync;
            _sending = Task.Run(RunAsync);
        }
    }

    /// <inheritdoc/>
    public void Wake() => _wake.Writer.TryWrite(0);

    /// <inheritdoc/>
    public void Publish(string subject, Func<byte[]?> create)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_isOpen)
            {
                return;
            }

            _outgoing.Enqueue(new Outgoing { Subject = subject, Create = create });
        }

        Wake();
    }

    /// <inheritdoc/>
    public void Subscribe(string subject, PortSubscription.Receive receive)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed || _subscriptions.ContainsKey(subject))
            {
                return;
            }

            // Kept in the dictionary, because the client has only a weak reference to it.
            var subscription = new PortSubscription(_connection, subject, receive, OnFailed);
            _subscriptions.Add(subject, subscription);
            _outgoing.Enqueue(new Outgoing { Subject = subject, Begin = subscription });
        }

        Wake();
    }

    /// <inheritdoc/>
    public void Unsubscribe(string subject)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_subscriptions.Remove(subject, out PortSubscription? subscription))
            {
                return;
            }

            _outgoing.Enqueue(new Outgoing { Subject = subject, End = subscription });
        }

        Wake();
    }

    /// <inheritdoc/>
    public ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> message, NatsHeaders? headers) =>
        _connection.PublishAsync(subject, message, headers, serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default, cancellationToken: _end.Token);

    public async ValueTask DisposeAsync()
    {
        Task? sending;
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
            sending = _sending;
        }

        Wake();
        if (!IsOpen)
        {
            // No server receives the last messages, so the loop ends without sending them.
            await _end.CancelAsync().ConfigureAwait(false);
        }

        if (sending is not null)
        {
            // The loop sends the last messages before it ends.
            await IgnoreAsync(sending).ConfigureAwait(false);
        }

        await _end.CancelAsync().ConfigureAwait(false);
        _connection.ConnectionOpened -= OnOpenedAsync;
        _connection.ConnectionDisconnected -= OnDisconnectedAsync;
        _connection.ServerError -= OnServerErrorAsync;
        if (_isOwner)
        {
            // Bounded: the client may wait for a server that does not respond.
            await IgnoreAsync(_connection.DisposeAsync().AsTask()).ConfigureAwait(false);
        }
    }

    private static async Task IgnoreAsync(Task task)
    {
        await task.WaitAsync(CloseTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        if (!await TryConnectAsync().ConfigureAwait(false))
        {
            return;
        }

        OnOpened();
        while (true)
        {
            try
            {
                // Determined before the last messages are sent, which are queued before the end.
                bool isEnding = IsEnding();
                while (IsOpen && await SendNextAsync().ConfigureAwait(false)) { }

                if (isEnding)
                {
                    if (IsOpen)
                    {
                        // The reply shows that the client has sent its buffer, whose contents would be lost when the client is disposed.
                        await _connection.PingAsync(_end.Token).ConfigureAwait(false);
                    }

                    return;
                }

                await _wake.Reader.ReadAsync(_end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                OnFailed(exception);
            }
        }
    }

    private async Task<bool> TryConnectAsync()
    {
        bool isLogged = false;
        while (true)
        {
            try
            {
                await _connection.ConnectAsync().AsTask().WaitAsync(_end.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception exception)
            {
                if (IsEnding())
                {
                    return false;
                }

                if (isLogged)
                {
                    _logger.StillNotConnected(_exchange, exception);
                }
                else
                {
                    isLogged = true;
                    _logger.NotConnected(_exchange, exception);
                }
            }

            await Task.Delay(RetryTime, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool IsEnding()
    {
        lock (_lock)
        {
            AssertInvariants();
            return _isDisposed;
        }
    }

    /// <summary>Sends the next message and emissions. Returns false if there are none.</summary>
    private async ValueTask<bool> SendNextAsync()
    {
        bool hasSent = false;
        if (TryTake(out Outgoing next))
        {
            hasSent = true;
            if (next.Begin is { } begin)
            {
                await _connection.AddSubAsync(begin, _end.Token).ConfigureAwait(false);
            }
            else if (next.End is { } end)
            {
                await end.DisposeAsync().ConfigureAwait(false);
            }
            else if (next.Create!() is { } message)
            {
                await PublishAsync(next.Subject, message, headers: null).ConfigureAwait(false);
            }
        }

        for (int turn = 0; turn < MaxTurn && IsOpen && await _user.PublishNextAsync().ConfigureAwait(false); turn++)
        {
            hasSent = true;
        }

        return hasSent;
    }

    private bool TryTake(out Outgoing next)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _outgoing.TryDequeue(out next);
        }
    }

    private void OnOpened()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isOpen)
            {
                return;
            }

            _isOpen = true;
        }

        _logger.Connected(_exchange, _connection.ServerInfo?.Name ?? "");
        _user.OnOpened(_connection.ServerInfo?.MaxPayload ?? 1024 * 1024);
        Wake();
    }

    private ValueTask OnOpenedAsync(object? sender, NatsEventArgs args)
    {
        OnOpened();
        return default;
    }

    private ValueTask OnDisconnectedAsync(object? sender, NatsEventArgs args)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_isOpen)
            {
                return default;
            }

            _isOpen = false;
            Outgoing[] kept = [.. _outgoing.Where(static one => one.Create is null)];
            _outgoing.Clear();
            Array.ForEach(kept, _outgoing.Enqueue);
        }

        _logger.Disconnected(_exchange);
        _user.OnLost();
        return default;
    }

    private ValueTask OnServerErrorAsync(object? sender, NatsServerErrorEventArgs args)
    {
        _logger.ServerError(_exchange, args.Error);
        _user.OnServerError(args.Error);
        return default;
    }

    private void OnFailed(Exception exception) => _logger.Failed(_exchange, exception);

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_isOpen || _outgoing.All(static one => one.Create is null), "Messages do not wait for a connection.");
    }
}
