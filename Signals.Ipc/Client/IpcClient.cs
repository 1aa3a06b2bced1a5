using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Client;
using Signals.Ipc.Sockets;

namespace Signals.Ipc;

/// <summary>Connects to a host and binds proxies to its services.</summary>
/// <remarks>
/// <para>What happens is told by signals, here and at each proxy. Their slots are run by the <see cref="IpcClientOptions.Evaluator"/>, in the
/// order in which it happened, and never from inside a call of this class.</para>
/// <para>Every member may be called from any thread at any time, also from those slots.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class IpcClient : IAsyncDisposable
{
    /// <summary>Why there is no connection after a disposal.</summary>
    internal static readonly DisconnectReason ClosedHere = new(DisconnectCause.ClosedHere, "The client was disposed.");

    private readonly IpcClientOptions _options;
    private readonly Delivery _connected = new();
    private readonly Delivery<DisconnectReason> _connectFailed = new();
    private readonly Delivery<DisconnectReason> _disconnected = new();

    /// <summary>Raised last of all, to end the client's own evaluator behind everything that is queued there.</summary>
    private readonly Signal _ended = new();

    /// <summary>What is to be raised by the signals of the client and its proxies, in order.</summary>
    private readonly EventQueue _events;

    /// <summary>Guards everything below. Nothing is raised inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The proxies that are bound, or are to be, in the order in which they were given.</summary>
    private readonly List<ServiceProxy> _proxies = [];

    private readonly ConnectRetry _retry;
    private State _state;

    /// <summary>The connection that stands or is being made; any other that still speaks is ignored.</summary>
    private ClientConnection? _connection;

    /// <summary>Whoever waits for the connection, or null.</summary>
    private TaskCompletionSource? _connectWaiter;

    /// <summary>Whether there has been a connection, so that it is to be made again.</summary>
    private bool _wasConnected;

    /// <summary>Whether the socket file appeared while an attempt was under way that may have come too early.</summary>
    private bool _hasAppeared;

    /// <summary>Makes a client that is not connected yet.</summary>
    /// <param name="endpoint">Where the host listens.</param>
    /// <param name="options">Where there is a choice.</param>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    public IpcClient(IpcEndpoint endpoint, IpcClientOptions? options = null)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        _options = options ?? new IpcClientOptions();
        Endpoint = endpoint;
        _events = new EventQueue(_options.Log);
        Evaluator = _options.Evaluator ?? CreateEvaluator(_options.Log);
        _connected.DeliverOn(Evaluator);
        _connectFailed.DeliverOn(Evaluator);
        _disconnected.DeliverOn(Evaluator);
        if (_options.Evaluator is null)
        {
            _ended.ConnectDeferred(Evaluator, Evaluator.Dispose);
        }

        _retry = new ConnectRetry(endpoint, _options.TimeProvider, _options.Log, RetryNow, OnSocketAppeared);
    }

    private enum State
    {
        Idle,
        Connecting,
        WaitingToRetry,
        Connected,
        Disposed,
    }

    /// <summary>Where the host listens.</summary>
    public IpcEndpoint Endpoint { get; }

    /// <summary>
    /// Who runs the slots of this client's and its proxies' signals. One that the client made itself ends with it, when its proxies have been told;
    /// one that it was given does not.
    /// </summary>
    public ConnectionEvaluator Evaluator { get; }

    /// <summary>Whether there is a connection at the moment.</summary>
    public bool IsConnected
    {
        get
        {
            lock (_lock)
            {
                return _state == State.Connected;
            }
        }
    }

    /// <summary>Raised when a connection has been made, before its proxies' signals.</summary>
    public ISignal Connected => _connected.Signal;

    /// <summary>Raised with the reason when an attempt to connect has failed, each time.</summary>
    public ISignal<DisconnectReason> ConnectFailed => _connectFailed.Signal;

    /// <summary>Raised with the reason when the connection has been lost, after its proxies' signals.</summary>
    public ISignal<DisconnectReason> Disconnected => _disconnected.Signal;

    /// <summary>How many calls wait for an answer.</summary>
    public int PendingCalls
    {
        get
        {
            ClientConnection? connection;
            lock (_lock)
            {
                connection = _connection;
            }

            return connection?.PendingCount ?? 0;
        }
    }

    /// <summary>Begins to connect, unless there is a connection or it is being made. What comes of it is told by the signals.</summary>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public void Connect()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            if (_state == State.Idle)
            {
                BeginAttempt();
            }
        }
    }

    /// <summary>Begins to connect and waits for the connection.</summary>
    /// <param name="cancellationToken">Ends the waiting; the client goes on connecting.</param>
    /// <returns>A task that ends when there is a connection; with <see cref="IpcClientOptions.Retry"/> it waits for as long as that takes.</returns>
    /// <exception cref="IpcException">The attempt failed. The message says why and what to do.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed, or is while this waits.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            ThrowIfDisposed();
            if (_state == State.Connected)
            {
                return Task.CompletedTask;
            }

            waiter = _connectWaiter ??= NewWaiter();
            if (_state == State.Idle)
            {
                BeginAttempt();
            }
        }

        return waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Binds a proxy to its service: at once if there is a connection, otherwise when there is, in the order of these calls. The proxy's signals
    /// tell what comes of it.
    /// </summary>
    /// <param name="proxy">The proxy. The client keeps it until its disposal, or a disconnection after which it does not reconnect.</param>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy has been given to a client already.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The service's name alone is larger than a frame may be.</exception>
    public void Bind(ServiceProxy proxy) => BindAndGetWaiter(proxy, isAwaited: false);

    /// <summary>Binds a proxy like <see cref="Bind"/> and waits for that.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="cancellationToken">Ends the waiting; the proxy stays with the client.</param>
    /// <returns>A task that ends when calls can be made. It waits for <see cref="Connect"/> if the client is not connected or connecting.</returns>
    /// <exception cref="IpcDisconnectedException">It was refused, or the connection failed.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy has been given to a client already.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The service's name alone is larger than a frame may be.</exception>
    public Task BindAsync(ServiceProxy proxy, CancellationToken cancellationToken = default) =>
        BindAndGetWaiter(proxy, isAwaited: true)!.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Ends the connection. Calls under way fail and the proxies' <see cref="ServiceProxy.Disconnected"/> is raised, as when it is lost; the signals
    /// of the client itself are not raised any more.
    /// </summary>
    /// <returns>A task that has ended.</returns>
    public ValueTask DisposeAsync()
    {
        ClientConnection? connection;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            if (_state == State.Disposed)
            {
                return ValueTask.CompletedTask;
            }

            _state = State.Disposed;
            connection = _connection;
            _connection = null;
            waiter = _connectWaiter;
            _connectWaiter = null;
            _retry.Dispose();
            LoseProxies(ClosedHere, forGood: true);
            _events.Add(_ended.Emit);
        }

        _connected.Dispose();
        _connectFailed.Dispose();
        _disconnected.Dispose();
        connection?.Dispose(ClosedHere);
        connection?.FailCalls(ClosedHere);
        waiter?.TrySetException(new ObjectDisposedException(nameof(IpcClient), "The client was disposed while it was connecting."));
        _events.Run();
        return ValueTask.CompletedTask;
    }

    /// <summary>Says where the client connects to and how that stands.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString() => $"{nameof(IpcClient)} {Endpoint} ({_state})";

    /// <summary>Lets go of a proxy that is being disposed.</summary>
    internal void Remove(ServiceProxy proxy)
    {
        ClientConnection? connection;
        ServiceBinding? binding;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            if (!_proxies.Remove(proxy))
            {
                return;
            }

            proxy.Detach();
            binding = proxy.SetBinding(null);
            connection = _connection;
            waiter = TakeWaiter(proxy);
        }

        var reason = new DisconnectReason(DisconnectCause.ClosedHere, "The proxy was disposed.");
        connection?.Unbind(proxy, binding, reason);
        waiter?.TrySetException(IpcDisconnectedException.OfBinding(reason));
    }

    /// <summary>The host has bound a proxy's service.</summary>
    internal void OnBound(ClientConnection connection, ServiceProxy proxy, ServiceBinding binding)
    {
        lock (_lock)
        {
            if (connection != _connection || !_proxies.Contains(proxy))
            {
                return;
            }

            proxy.SetBinding(binding);
            _events.Add(proxy.ConnectedSource.Emit);
            if (TakeWaiter(proxy) is { } waiter)
            {
                _events.Add(() => waiter.TrySetResult());
            }
        }

        _events.Run();
    }

    /// <summary>A proxy cannot be bound.</summary>
    internal void OnRefused(ServiceProxy proxy, DisconnectReason reason)
    {
        lock (_lock)
        {
            if (_proxies.Remove(proxy))
            {
                Lose(proxy, reason, forGood: true);
            }
        }

        _events.Run();
    }

    /// <summary>Whether an attempt that fails is followed by another one.</summary>
    private bool WillRetry => _options.Retry || (_options.Reconnect && _wasConnected);

    private static ThreadPoolEvaluator CreateEvaluator(ILogger logger) =>
        new(new ConnectionEvaluatorOptions { ExceptionHandler = exception => SlotThrew(logger, exception) });

    [LoggerMessage(12, LogLevel.Error, "A slot of the client's or its proxies' signals threw")]
    private static partial void SlotThrew(ILogger logger, Exception exception);

    private static TaskCompletionSource NewWaiter()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // Whoever gave up waiting has been told by the signals: a failure that comes later is no unobserved one.
        waiter.Task.ContinueWith(
            static failed => failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return waiter;
    }

    private static TaskCompletionSource? TakeWaiter(ServiceProxy proxy)
    {
        TaskCompletionSource? waiter = proxy.BindWaiter;
        proxy.BindWaiter = null;
        return waiter;
    }

    private TaskCompletionSource? BindAndGetWaiter(ServiceProxy proxy, bool isAwaited)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        if (BindFrame.MaxSizeOf(proxy) > _options.MaxFrameSize)
        {
            throw new IpcException(
                $"The name of service {proxy.Methods.ServiceName} does not fit into a frame of {_options.MaxFrameSize} bytes: raise {nameof(IpcClientOptions.MaxFrameSize)}."
            );
        }

        lock (_lock)
        {
            ThrowIfDisposed();
            proxy.Attach(this);
            proxy.BindWaiter = isAwaited ? NewWaiter() : null;
            _proxies.Add(proxy);
            if (_state == State.Connected)
            {
                _connection!.Bind(proxy);
            }

            return proxy.BindWaiter;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_state == State.Disposed, this);

    /// <summary>Begins to connect. Called inside the lock.</summary>
    private void BeginAttempt()
    {
        _state = State.Connecting;
        _retry.Stop();
        if (WillRetry)
        {
            _retry.Watch();
        }

        _hasAppeared = false;
        var connection = new ClientConnection(this, _options);
        _connection = connection;
        connection.Connected.Connect(outcome => OnConnected(connection, outcome));
        connection.Disconnected.Connect(reason => OnDisconnected(connection, reason));
        connection.Connect(Endpoint);
    }

    private void RetryNow()
    {
        lock (_lock)
        {
            if (_state == State.WaitingToRetry)
            {
                BeginAttempt();
            }
        }
    }

    private void OnSocketAppeared()
    {
        lock (_lock)
        {
            _hasAppeared = true;
        }

        RetryNow();
    }

    private void OnConnected(ClientConnection connection, ConnectOutcome outcome)
    {
        if (outcome.Failure is { } failure)
        {
            OnConnectFailed(connection, failure);
            return;
        }

        lock (_lock)
        {
            if (connection != _connection)
            {
                return;
            }

            _state = State.Connected;
            _wasConnected = true;
            _retry.Reset();
            foreach (ServiceProxy proxy in _proxies)
            {
                connection.Bind(proxy);
            }

            _events.Add(_connected.Source.Emit);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                _events.Add(() => waiter.TrySetResult());
            }
        }

        _events.Run();
    }

    private void OnConnectFailed(ClientConnection connection, DisconnectReason failure)
    {
        lock (_lock)
        {
            if (connection != _connection)
            {
                return;
            }

            _connection = null;
            _events.Add(() => _connectFailed.Source.Emit(failure));
            if (WillRetry)
            {
                WaitToRetry();
            }
            else
            {
                _state = State.Idle;
                LoseProxies(failure, forGood: true);
                if (_connectWaiter is { } waiter)
                {
                    _connectWaiter = null;
                    _events.Add(() => waiter.TrySetException(new IpcException(failure.Message, failure.Exception)));
                }
            }
        }

        _events.Run();
    }

    private void OnDisconnected(ClientConnection connection, DisconnectReason reason)
    {
        lock (_lock)
        {
            if (connection != _connection)
            {
                return;
            }

            _connection = null;
            _state = State.Idle;
            LoseProxies(reason, forGood: !_options.Reconnect);
            _events.Add(() => _disconnected.Source.Emit(reason));
            if (_options.Reconnect && connection.HasReceived)
            {
                BeginAttempt();
            }
            else if (_options.Reconnect)
            {
                // A host that hangs up at once, again and again, must not be kept busy with that.
                WaitToRetry();
            }
        }

        _events.Run();
    }

    /// <summary>Waits until the next attempt is due. Called inside the lock.</summary>
    private void WaitToRetry()
    {
        bool mayHaveComeTooEarly = _hasAppeared;
        _state = State.WaitingToRetry;
        _retry.Wait();
        if (mayHaveComeTooEarly)
        {
            BeginAttempt();
        }
    }

    /// <summary>Tells all proxies that there is no connection. Called inside the lock.</summary>
    private void LoseProxies(DisconnectReason reason, bool forGood)
    {
        foreach (ServiceProxy proxy in _proxies)
        {
            Lose(proxy, reason, forGood);
        }

        if (forGood)
        {
            _proxies.Clear();
        }
    }

    private void Lose(ServiceProxy proxy, DisconnectReason reason, bool forGood)
    {
        proxy.SetBinding(null);
        Signal<DisconnectReason> disconnected = proxy.DisconnectedSource;
        _events.Add(() => disconnected.Emit(reason));
        if (TakeWaiter(proxy) is { } waiter)
        {
            _events.Add(() => waiter.TrySetException(IpcDisconnectedException.OfBinding(reason)));
        }

        if (forGood)
        {
            proxy.Detach();
        }
    }
}
