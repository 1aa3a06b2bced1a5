using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Guards;
using Signals.Ipc.Telemetry;
using Signals.Ipc.Transport;
using Signals.Remote;

namespace Signals.Ipc.Client;

/// <summary>
/// The state of a client: it is idle, connects, waits to retry, is connected or disposed. Each change is made inside the lock, and what follows from it
/// runs outside, as steps in the order of the changes. All members are thread-safe.
/// </summary>
internal sealed class ClientSession : IDisposable
{
    /// <summary>The reason for which there is no connection after the disposal.</summary>
    internal static readonly DisconnectReason ClosedLocally = new(DisconnectCause.ClosedLocally, "The client was disposed.");

    /// <summary>The number of the client that was created last in this process.</summary>
    private static long lastId;

    private readonly IpcClientOptions _options;
    private readonly IpcConnector _connector;

    /// <summary>The number of the client in this process, for its log.</summary>
    private readonly long _id = Interlocked.Increment(ref lastId);

    /// <summary>The object through which calls pass because something observes them, or null.</summary>
    private volatile ObservedCalls? _observed;

    private readonly RelayedSignal _connected;
    private readonly RelayedSignal<DisconnectReason> _connectFailed;
    private readonly RelayedSignal<DisconnectReason> _disconnected;

    /// <summary>The steps that follow changes of the state.</summary>
    private readonly ClientSteps _steps;

    /// <summary>
    /// Guards everything below except <see cref="_retry"/> and <see cref="_reminder"/>. Only state is changed inside it: signals, sends, watches, timers
    /// and log entries are queued there and run outside.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>The proxies that are bound or wait to be bound.</summary>
    private readonly ClientProxies _proxies;

    /// <summary>Determines when to connect again. Called by the steps of attempts alone.</summary>
    private readonly ConnectRetry _retry;

    /// <summary>Reminds of the pending <see cref="IpcClient.BindAsync"/> calls of a client that is idle. Called by the steps of attempts alone.</summary>
    private readonly BindReminder _reminder;

    private State _state;

    /// <summary>The number of attempts to connect that have begun, which identifies the current connection.</summary>
    private long _connectionNumber;

    /// <summary>The connection that is open or being made. Events of any other connection are ignored.</summary>
    private ClientConnection? _connection;

    /// <summary>The source of the task of the pending <see cref="IpcClient.ConnectAsync"/> calls, or null.</summary>
    private TaskCompletionSource? _connectWaiter;

    /// <summary>A value that indicates whether there has been a connection, so that the client reconnects if <see cref="IpcClientOptions.Reconnect"/> is set.</summary>
    private bool _wasConnected;

    /// <summary>A value that indicates whether the socket file appeared during the current attempt, which may have come too early.</summary>
    private bool _hasAppeared;

    /// <summary>
    /// A value that indicates whether, since the last useful connection, the client has reconnected without a delay after one that was not useful.
    /// </summary>
    private bool _hasSkippedDelay;

    internal ClientSession(IpcConnector connector, IpcClientOptions options)
    {
        IpcEndpoint endpoint = connector.Endpoint;
        _options = options;
        _connector = connector;
        Endpoint = endpoint;
        _steps = new ClientSteps(_options.Log, endpoint);
        Evaluator = _options.Evaluator ?? CreateEvaluator(_options.Log, endpoint);
        _connected = new RelayedSignal(Evaluator);
        _connectFailed = new RelayedSignal<DisconnectReason>(Evaluator);
        _disconnected = new RelayedSignal<DisconnectReason>(Evaluator);
        _proxies = new ClientProxies(this, _steps, _options);
        Imports = new RemoteImports(ExchangeService.Capabilities, Evaluator, OnExchangeWanted);
        var exportLog = new LimitedLogger(_options.Log, _options.Time, $"The client of {endpoint}", LimitedLogger.LinesOfConnection);
        Exports = new RemoteExports(
            ExchangeService.Capabilities,
            Evaluator,
            _options.Time,
            OnExchangeWanted,
            (name, exception) => ClientLog.ExportFailed(exportLog, endpoint, exception, name)
        );
        Observe();
        _retry = new ConnectRetry(endpoint, _options.Time, _options.Log, _options.Backoff, RetryNow, OnSocketAppeared);
        _reminder = new BindReminder(_options.Time, RemindOfConnecting);
    }

    private enum State
    {
        Idle,
        Connecting,
        WaitingToRetry,
        Connected,
        Disposed,
    }

    /// <inheritdoc cref="IpcClient.Endpoint"/>
    internal IpcEndpoint Endpoint { get; }

    /// <summary>Gets the endpoint for activities and measurements.</summary>
    internal ServerAddress Server => field ??= ServerAddress.Of(Endpoint);

    /// <inheritdoc cref="IpcClient.Evaluator"/>
    internal ConnectionEvaluator Evaluator { get; }

    /// <inheritdoc cref="IpcClient.Imports"/>
    internal RemoteImports Imports { get; }

    /// <inheritdoc cref="IpcClient.Exports"/>
    internal RemoteExports Exports { get; }

    /// <inheritdoc cref="IpcClient.IsConnected"/>
    internal bool IsConnected
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _state == State.Connected;
            }
        }
    }

    /// <inheritdoc cref="IpcClient.Connected"/>
    internal ISignal Connected => _connected;

    /// <inheritdoc cref="IpcClient.ConnectFailed"/>
    internal ISignal<DisconnectReason> ConnectFailed => _connectFailed;

    /// <inheritdoc cref="IpcClient.Disconnected"/>
    internal ISignal<DisconnectReason> Disconnected => _disconnected;

    /// <inheritdoc cref="IpcClient.PendingCalls"/>
    internal int PendingCalls
    {
        get
        {
            ClientConnection? connection;
            lock (_lock)
            {
                AssertInvariants();
                connection = _connection;
            }

            return connection?.Calls.PendingCount ?? 0;
        }
    }

    /// <inheritdoc cref="IpcClient.GetPendingCalls"/>
    internal IReadOnlyList<PendingCallInfo> GetPendingCalls()
    {
        ClientConnection? connection;
        lock (_lock)
        {
            AssertInvariants();
            connection = _connection;
        }

        return connection?.Calls.Describe() ?? [];
    }

    /// <inheritdoc cref="IpcClient.Connect"/>
    internal void Connect()
    {
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            if (_state is State.Idle or State.WaitingToRetry)
            {
                BeginAttempt();
            }
        }

        _steps.RunAll();
    }

    /// <inheritdoc cref="IpcClient.ConnectAsync"/>
    internal Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            if (_state == State.Connected)
            {
                return Task.CompletedTask;
            }

            waiter = _connectWaiter ??= ClientProxies.NewWaiter();
            if (_state is State.Idle or State.WaitingToRetry)
            {
                BeginAttempt();
            }
        }

        _steps.RunAll();
        return waiter.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc cref="IpcClient.Bind"/>
    internal void Bind(ServiceProxy proxy) => BindAndGetWaiter(proxy, isAwaited: false);

    /// <inheritdoc cref="IpcClient.BindAsync"/>
    internal Task BindAsync(ServiceProxy proxy, CancellationToken cancellationToken = default) =>
        BindAndGetWaiter(proxy, isAwaited: true)!.Task.WaitAsync(cancellationToken);

    /// <summary>Ends the connection and the signals of the client.</summary>
    public void Dispose()
    {
        ClientConnection? connection;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            AssertInvariants();
            if (_state == State.Disposed)
            {
                return;
            }

            _state = State.Disposed;
            connection = _connection;
            _connection = null;
            waiter = _connectWaiter;
            _connectWaiter = null;
            _steps.AddAttempt(_retry.Dispose);
            _steps.AddAttempt(_reminder.Dispose);
            _proxies.DisconnectAll(ClosedLocally, permanently: true, _connectionNumber);
            if (_options.Evaluator is null)
            {
                // After everything that is queued there.
                _steps.Raise(() => Evaluator.Post(Evaluator.Dispose));
            }
        }

        _connected.Dispose();
        _connectFailed.Dispose();
        _disconnected.Dispose();
        connection?.Dispose(ClosedLocally);
        connection?.FailCalls(ClosedLocally);

        // A continuation that blocks the receiving thread must not delay the failure of any call, not even of one that waits for room.
        connection?.EndIfDelivering();
        waiter?.TrySetException(new ObjectDisposedException(nameof(IpcClient), "The client was disposed while it was connecting."));
        Imports.Dispose();
        Exports.Dispose();
        _steps.RunAll();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{nameof(IpcClient)} {Endpoint} ({_state})";

    /// <summary>Gets the object through which calls pass because the client has interceptors or logs calls; otherwise, null.</summary>
    internal ObservedCalls? Observed => _observed;

    /// <summary>Gets a value that indicates whether the client connects again after a connection was lost.</summary>
    internal bool Reconnects => _options.Reconnect;

    internal TimeSpan CallTimeout => _options.CallTimeout;

    /// <summary>Gets the time provider, which never throws.</summary>
    internal TimeProvider Time => _options.Time;

    /// <summary>Removes a proxy that is being disposed.</summary>
    internal void Remove(ServiceProxy proxy)
    {
        var reason = new DisconnectReason(DisconnectCause.ClosedLocally, "The proxy was disposed.");
        ClientConnection? connection;
        ServiceBinding? binding;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            AssertInvariants();
            if (!_proxies.TryRemove(proxy))
            {
                return;
            }

            proxy.Detach();
            binding = proxy.RemoveBinding(reason);
            connection = _connection;
            waiter = ClientProxies.TakeWaiter(proxy);
        }

        connection?.Unbind(proxy, binding, reason);
        waiter?.TrySetException(IpcDisconnectedException.OfBinding(reason));
    }

    /// <summary>Handles a proxy whose service the host has bound.</summary>
    internal void OnBound(ClientConnection connection, ServiceProxy proxy, ServiceBinding binding)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection || !_proxies.Contains(proxy))
            {
                return;
            }

            _proxies.OnBound(proxy, binding);
        }

        _steps.RunAllSoon();
    }

    /// <summary>Handles a proxy that cannot be bound on a connection.</summary>
    internal void OnRefused(ClientConnection connection, ServiceProxy proxy, DisconnectReason reason)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection || !_proxies.Contains(proxy))
            {
                return;
            }

            _proxies.OnRefused(proxy, reason, connection, _connectionNumber);
        }

        _steps.RunSends();
        _steps.RunAllSoon();
    }

    /// <summary>Binds the proxies that wait for services that the host has exposed.</summary>
    /// <param name="connection">The connection of the host.</param>
    /// <param name="names">The names of the services, or null for any.</param>
    internal void OnExposed(ClientConnection connection, ICollection<string>? names)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection)
            {
                return;
            }

            _proxies.BindExposed(names, connection);
        }

        _steps.RunSends();
    }

    /// <summary>Returns what a proxy waits for that is not bound.</summary>
    internal string DescribeWait(ServiceProxy proxy)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _state switch
            {
                State.Idle => $"waits for {nameof(IpcClient)}.{nameof(Connect)}",
                State.Connecting or State.WaitingToRetry => $"waits for a connection to {Endpoint}",
                State.Connected when !proxy.Exposure.IsWaiting => "waits for the reply of the host",
                State.Connected => "waits until the host exposes the service",
                _ => "not bound",
            };
        }
    }

    /// <summary>Handles an attempt to connect that has exceeded its time limit.</summary>
    internal void OnConnectTimeout(ClientConnection connection)
    {
        string message = $"Connecting to {Endpoint} took longer than {_options.ConnectTimeout}. The peer may be unresponsive, or its machine unreachable.";
        var reason = new DisconnectReason(DisconnectCause.ConnectFailed, message, new TimeoutException(message));
        if (TryFailAttempt(connection, reason))
        {
            connection.Dispose(reason);
            _steps.RunAllSoon();
        }
    }

    /// <summary>
    /// Handles the loss of a connection: disconnects the client and its proxies, and queues their signals. <see cref="AfterLost"/> raises them,
    /// when the connection has failed its calls.
    /// </summary>
    internal void OnLost(ClientConnection connection, DisconnectReason reason)
    {
        bool wasUseful = connection.WasUseful;
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection)
            {
                return;
            }

            _connection = null;
            _state = State.Idle;
            long number = _connectionNumber;
            if (_options.Reconnect)
            {
                // Before the signals are queued: a slot finds the delay started. The next connection's signals follow these in any case.
                Reconnect(wasUseful, hasReceived: connection.HasReceived);
            }

            _proxies.DisconnectAll(reason, permanently: !_options.Reconnect, number);
            _steps.Raise(() => _disconnected.Emit(reason));
        }
    }

    /// <summary>Begins the next attempt and raises the signals. Called when the calls of a lost connection have failed.</summary>
    internal void AfterLost() => _steps.RunAll();

    /// <summary>Gets a value that indicates whether the client retries a failed attempt.</summary>
    private bool WillRetry => _options.Retry || (_options.Reconnect && _wasConnected);

    private static ThreadPoolEvaluator CreateEvaluator(ILogger logger, IpcEndpoint endpoint) =>
        new(new ConnectionEvaluatorOptions { Name = "IpcClient", ExceptionHandler = exception => ClientLog.SlotThrew(logger, endpoint, exception) });

    private TaskCompletionSource? BindAndGetWaiter(ServiceProxy proxy, bool isAwaited)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        if (RequestFrame.MaxSizeOfBinding(proxy.Methods.ServiceName) > _options.MaxFrameSize)
        {
            throw new IpcException(
                $"The name of service {proxy.Methods.ServiceName} does not fit into a frame of {_options.MaxFrameSize} bytes. Raise {nameof(IpcClientOptions.MaxFrameSize)}."
            );
        }

        TaskCompletionSource? waiter = isAwaited ? ClientProxies.NewWaiter() : null;
        bool isIdle;
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            isIdle = _state == State.Idle;
            proxy.Attach(this);
            proxy.BindWaiter = waiter;
            _proxies.Add(proxy);
            if (_state == State.Connected)
            {
                _proxies.Bind(proxy, _connection!);
            }
            else if (isIdle && isAwaited)
            {
                _steps.AddAttempt(_reminder.Start);
            }
        }

        _steps.RunSends();
        if (isIdle)
        {
            _steps.RunAttempts();
        }

        return waiter;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(
            _connection is not null == _state is State.Connecting or State.Connected,
            "There is a connection exactly while it is being made or open."
        );
        Debug.Assert(_state != State.Connected || _wasConnected);
        Debug.Assert(_state is State.Connecting or State.WaitingToRetry || _connectWaiter is null, "There is a waiter only while an attempt is pending.");
        Debug.Assert(_state != State.Disposed || _proxies.IsEmpty, "A disposed client has no proxies.");
        Debug.Assert(_proxies.IsConsistent, "A bound proxy waits for nothing.");
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_state == State.Disposed, typeof(IpcClient));

    /// <summary>Begins to connect. Called inside the lock.</summary>
    private void BeginAttempt()
    {
        _state = State.Connecting;
        _hasAppeared = false;
        _connectionNumber++;
        var connection = new ClientConnection(this, _options, WillRetry);
        _connection = connection;
        connection.Connected.Connect(outcome => OnConnected(connection, outcome));
        _steps.AddAttempt(_reminder.Stop);
        _steps.AddAttempt(_retry.Stop);
        if (WillRetry)
        {
            _steps.AddAttempt(_retry.Watch);
        }

        _steps.AddAttempt(() =>
        {
            Observe();
            connection.Begin(_connector);
        });
    }

    /// <summary>Determines whether calls are logged. The logger is user code, so it is asked outside the lock and not for each call.</summary>
    private void Observe() => _observed = ObservedCalls.Of(_options, _id);

    private void RetryNow()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_state == State.WaitingToRetry)
            {
                BeginAttempt();
            }
        }

        _steps.RunAll();
    }

    private void OnSocketAppeared()
    {
        lock (_lock)
        {
            AssertInvariants();
            _hasAppeared = true;
        }

        RetryNow();
    }

    /// <summary>Binds the exchange for the first import that is wanted on a connection, or the first export.</summary>
    private void OnExchangeWanted()
    {
        ClientConnection? connection;
        lock (_lock)
        {
            AssertInvariants();
            connection = _state == State.Connected ? _connection : null;
        }

        connection?.Exchange.BeginIfWanted();
    }

    private void OnConnected(ClientConnection connection, ConnectOutcome outcome)
    {
        connection.EndConnecting();
        if (outcome.Failure is { } failure)
        {
            if (TryFailAttempt(connection, failure))
            {
                _steps.RunAll();
            }

            return;
        }

        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection)
            {
                return;
            }

            _state = State.Connected;
            _wasConnected = true;
            _steps.AddAttempt(_retry.OnConnected);
            _steps.AddSend(() => connection.SendIdentity(Endpoint));
            _proxies.BindAll(connection);
            _steps.AddSend(connection.Exchange.BeginIfWanted);
            _steps.Raise(_connected.Emit);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                _steps.Raise(() => waiter.TrySetResult());
            }
        }

        _steps.RunSends();
        _steps.RunAllSoon();
    }

    /// <summary>Ends a failed attempt. Returns false if it had already ended.</summary>
    private bool TryFailAttempt(ClientConnection connection, DisconnectReason failure)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection || _state != State.Connecting)
            {
                return false;
            }

            _connection = null;
            if (WillRetry)
            {
                // Before the signal is queued: a slot finds the delay started.
                WaitToRetry();
                _steps.Raise(() => _connectFailed.Emit(failure));
                return true;
            }

            _state = State.Idle;
            _steps.Raise(() => _connectFailed.Emit(failure));
            _proxies.DisconnectAll(failure, permanently: true, _connectionNumber);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                _steps.Raise(() => waiter.TrySetException(new IpcException(failure.Message, failure.Exception)));
            }

            return true;
        }
    }

    /// <summary>Reconnects after a loss, at once or after a delay. Called inside the lock.</summary>
    private void Reconnect(bool wasUseful, bool hasReceived)
    {
        if (wasUseful)
        {
            _hasSkippedDelay = false;
            _steps.AddAttempt(_retry.ResetDelay);
            BeginAttempt();
        }
        else if (hasReceived && !_hasSkippedDelay)
        {
            // The client reconnects at once to a host that has just restarted, but not repeatedly to one that only binds services and disconnects.
            _hasSkippedDelay = true;
            BeginAttempt();
        }
        else
        {
            _steps.AddAttempt(_retry.Watch);
            WaitToRetry();
        }
    }

    /// <summary>Waits until the next attempt is due. Called inside the lock.</summary>
    private void WaitToRetry()
    {
        bool mayHaveComeTooEarly = _hasAppeared;
        _state = State.WaitingToRetry;
        _steps.AddAttempt(_retry.Wait);
        if (mayHaveComeTooEarly)
        {
            BeginAttempt();
        }
    }

    /// <summary>Logs that a proxy waits for a connection that nothing makes.</summary>
    private void RemindOfConnecting()
    {
        string? service;
        lock (_lock)
        {
            AssertInvariants();
            service = _state == State.Idle ? _proxies.AwaitedService : null;
        }

        if (service is not null)
        {
            ClientLog.BindWithoutConnect(_options.Log, Endpoint, service);
        }
    }
}
