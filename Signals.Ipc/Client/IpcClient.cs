using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Client;
using Signals.Ipc.Connections;

namespace Signals.Ipc;

/// <summary>Connects to a host and binds proxies to its services.</summary>
/// <remarks>
/// <para>The signals of the client and of its proxies report events. The <see cref="IpcClientOptions.Evaluator"/> runs their slots in the order of
/// the events, and never inside a call of a member of this class.</para>
/// <para>All members are thread-safe and may be called at any time, including from those slots.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed partial class IpcClient : IAsyncDisposable
{
    /// <summary>The reason for which there is no connection after the disposal.</summary>
    internal static readonly DisconnectReason ClosedLocally = new(DisconnectCause.ClosedLocally, "The client was disposed.");

    /// <summary>The number of the client that was created last in this process.</summary>
    private static long lastId;

    private readonly IpcClientOptions _options;

    /// <summary>The number of the client in this process, for its log.</summary>
    private readonly long _id = Interlocked.Increment(ref lastId);

    /// <summary>The object through which calls pass because something observes them, or null.</summary>
    private volatile ObservedCalls? _observed;

    private readonly RelayedSignal _connected;
    private readonly RelayedSignal<DisconnectReason> _connectFailed;
    private readonly RelayedSignal<DisconnectReason> _disconnected;

    /// <summary>The queued events of the signals of the client and its proxies, in order. Filled by <see cref="Raise"/>.</summary>
    private readonly SerialQueue _events;

    /// <summary>The steps that begin, await and end attempts to connect, in order, with the events between them.</summary>
    private readonly SerialQueue _attempts;

    /// <summary>The requests that bind proxies, in order. They have their own queue, so that they never wait for user code.</summary>
    private readonly SerialQueue _sends;

    /// <summary>
    /// Guards everything below except <see cref="_retry"/> and <see cref="_reminder"/>. Only state is changed inside it: signals, sends, watches, timers
    /// and log entries are queued there and run outside.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>The proxies that are bound or wait to be bound, in the order of the calls that added them.</summary>
    private readonly List<ServiceProxy> _proxies = [];

    /// <summary>Determines when to connect again. Called by the actions of <see cref="_attempts"/> alone.</summary>
    private readonly ConnectRetry _retry;

    /// <summary>Reminds of the pending <see cref="BindAsync"/> calls of a client that is idle. Called by the actions of <see cref="_attempts"/> alone.</summary>
    private readonly BindReminder _reminder;

    private State _state;

    /// <summary>The number of attempts to connect that have begun, which identifies the current connection.</summary>
    private long _connectionNumber;

    /// <summary>The connection that is open or being made. Events of any other connection are ignored.</summary>
    private ClientConnection? _connection;

    /// <summary>The source of the task of the pending <see cref="ConnectAsync"/> calls, or null.</summary>
    private TaskCompletionSource? _connectWaiter;

    /// <summary>A value that indicates whether there has been a connection, so that the client reconnects if <see cref="IpcClientOptions.Reconnect"/> is set.</summary>
    private bool _wasConnected;

    /// <summary>A value that indicates whether the socket file appeared during the current attempt, which may have come too early.</summary>
    private bool _hasAppeared;

    /// <summary>
    /// A value that indicates whether, since the last useful connection, the client has reconnected without a delay after one that was not useful.
    /// </summary>
    private bool _hasSkippedDelay;

    /// <summary>Initializes a new instance of the <see cref="IpcClient"/> class. The client is not connected.</summary>
    /// <param name="endpoint">The endpoint at which the host listens.</param>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="endpoint"/> is <see langword="default"/>, or the <see cref="IpcClientOptions.Identity"/> does not fit into a frame.
    /// </exception>
    public IpcClient(IpcEndpoint endpoint, IpcClientOptions? options = null)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        _options = options?.Copy() ?? new IpcClientOptions();
        Endpoint = endpoint;
        if (_options.Identity is { } identity && identity.ToFrame().CalculateSize() > _options.MaxFrameSize)
        {
            throw new ArgumentException(
                $"The {nameof(IpcClientOptions.Identity)} does not fit into a frame of {_options.MaxFrameSize} bytes. Shorten it, or raise {nameof(IpcClientOptions.MaxFrameSize)}.",
                nameof(options)
            );
        }

        _events = new SerialQueue(_options.Log, (logger, exception) => NotificationFailed(logger, endpoint, exception));
        _attempts = new SerialQueue(_options.Log, (logger, exception) => StepFailed(logger, endpoint, exception));
        _sends = new SerialQueue(_options.Log, (logger, exception) => StepFailed(logger, endpoint, exception));
        Evaluator = _options.Evaluator ?? CreateEvaluator(_options.Log, endpoint);
        _connected = new RelayedSignal(Evaluator);
        _connectFailed = new RelayedSignal<DisconnectReason>(Evaluator);
        _disconnected = new RelayedSignal<DisconnectReason>(Evaluator);
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

    /// <summary>Gets the endpoint at which the host listens.</summary>
    public IpcEndpoint Endpoint { get; }

    /// <summary>
    /// Gets the evaluator that runs the slots of the signals of the client and its proxies. An evaluator that the client created ends with it, after
    /// its proxies have been notified; one from <see cref="IpcClientOptions.Evaluator"/> does not.
    /// </summary>
    public ConnectionEvaluator Evaluator { get; }

    /// <summary>Gets a value that indicates whether the client is connected.</summary>
    public bool IsConnected
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

    /// <summary>Gets the signal that is raised when a connection has been made, before the signals of the proxies.</summary>
    public ISignal Connected => _connected;

    /// <summary>Gets the signal that is raised with the reason each time an attempt to connect has failed.</summary>
    public ISignal<DisconnectReason> ConnectFailed => _connectFailed;

    /// <summary>Gets the signal that is raised with the reason when the connection has been lost, after the signals of the proxies.</summary>
    public ISignal<DisconnectReason> Disconnected => _disconnected;

    /// <summary>Gets the number of calls that wait for a reply.</summary>
    public int PendingCalls
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

    /// <summary>Returns a description of each call that has not ended, oldest first: a snapshot for diagnosis.</summary>
    /// <returns>The calls. Empty without a connection.</returns>
    public IReadOnlyList<PendingCallInfo> GetPendingCalls()
    {
        ClientConnection? connection;
        lock (_lock)
        {
            AssertInvariants();
            connection = _connection;
        }

        return connection?.Calls.Describe() ?? [];
    }

    /// <summary>
    /// Begins to connect, unless the client is connected or connecting. A client that waits to retry tries at once. The signals report the result.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The client has been disposed.</exception>
    public void Connect()
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

        RunQueued();
    }

    /// <summary>Begins to connect and waits for the connection.</summary>
    /// <param name="cancellationToken">A token that ends the wait. The client continues to connect.</param>
    /// <returns>A task that completes when the client is connected. With <see cref="IpcClientOptions.Retry"/>, it waits without a time limit.</returns>
    /// <exception cref="IpcException">The attempt failed. The message states the reason and a remedy.</exception>
    /// <exception cref="ObjectDisposedException">The client has been disposed, before the call or during the wait.</exception>
    public Task ConnectAsync(CancellationToken cancellationToken = default)
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

            waiter = _connectWaiter ??= NewWaiter();
            if (_state is State.Idle or State.WaitingToRetry)
            {
                BeginAttempt();
            }
        }

        RunQueued();
        return waiter.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Binds a proxy to its service: at once if the client is connected; otherwise, when it connects, in the order of these calls. The proxy's
    /// signals report the result. With <see cref="IpcClientOptions.Retry"/> or <see cref="IpcClientOptions.Reconnect"/>, a proxy whose service the host
    /// does not expose is told once for each connection, and is bound when the host exposes the service.
    /// </summary>
    /// <param name="proxy">
    /// The proxy. The client keeps it until the proxy is disposed, or a disconnection after which the client does not reconnect.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy already belongs to a client.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The name of the service does not fit into a frame.</exception>
    public void Bind(ServiceProxy proxy) => BindAndGetWaiter(proxy, isAwaited: false);

    /// <summary>Binds a proxy like <see cref="Bind"/> and waits until it is bound.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <param name="cancellationToken">A token that ends the wait. The client keeps the proxy.</param>
    /// <returns>
    /// A task that completes when calls can be made. If the client is neither connected nor connecting, it waits for <see cref="Connect"/>, which the log
    /// says after a second. With <see cref="IpcClientOptions.Retry"/> or <see cref="IpcClientOptions.Reconnect"/>, it waits for a host that exposes the
    /// service.
    /// </returns>
    /// <exception cref="IpcDisconnectedException">
    /// The service was refused (without these options), the connection failed, or the host did not reply within <see cref="IpcClientOptions.CallTimeout"/>
    /// (<see cref="IpcClientOptions.ConnectTimeout"/> if that is infinite).
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="proxy"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The proxy already belongs to a client.</exception>
    /// <exception cref="ObjectDisposedException">The client or the proxy has been disposed.</exception>
    /// <exception cref="IpcException">The name of the service does not fit into a frame.</exception>
    public Task BindAsync(ServiceProxy proxy, CancellationToken cancellationToken = default) =>
        BindAndGetWaiter(proxy, isAwaited: true)!.Task.WaitAsync(cancellationToken);

    /// <summary>
    /// Ends the connection. Pending calls fail and the <see cref="ServiceProxy.Disconnected"/> signals of the proxies are raised, as when the
    /// connection is lost. The signals of the client itself are no longer raised.
    /// </summary>
    /// <returns>A completed task.</returns>
    public ValueTask DisposeAsync()
    {
        ClientConnection? connection;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            AssertInvariants();
            if (_state == State.Disposed)
            {
                return ValueTask.CompletedTask;
            }

            _state = State.Disposed;
            connection = _connection;
            _connection = null;
            waiter = _connectWaiter;
            _connectWaiter = null;
            _attempts.Add(_retry.Dispose);
            _attempts.Add(_reminder.Dispose);
            DisconnectProxies(ClosedLocally, permanently: true, _connectionNumber);
            if (_options.Evaluator is null)
            {
                // After everything that is queued there.
                Raise(() => Evaluator.Post(Evaluator.Dispose));
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
        RunQueued();
        return ValueTask.CompletedTask;
    }

    /// <summary>Returns a text with the endpoint and the state of the client.</summary>
    /// <returns>A text for logs and debuggers.</returns>
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
            if (!TryRemove(proxy))
            {
                return;
            }

            proxy.Detach();
            binding = proxy.RemoveBinding(reason);
            connection = _connection;
            waiter = TakeWaiter(proxy);
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
            if (connection != _connection || IndexOf(proxy) < 0)
            {
                return;
            }

            proxy.SetBinding(binding);
            _sends.Add(proxy.Resubscribe);
            proxy.Exposure.End();
            Raise(() => proxy.RaiseConnected(Evaluator));
            if (TakeWaiter(proxy) is { } waiter)
            {
                Raise(() => waiter.TrySetResult());
            }
        }

        RunQueuedSoon();
    }

    /// <summary>Handles a proxy that cannot be bound on a connection.</summary>
    internal void OnRefused(ClientConnection connection, ServiceProxy proxy, DisconnectReason reason)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection || IndexOf(proxy) < 0)
            {
                return;
            }

            bool mayComeLater = reason.Cause == DisconnectCause.Refused || (reason.Cause == DisconnectCause.BindTimeout && proxy.Exposure.IsWaiting);
            if (mayComeLater && (_options.Retry || _options.Reconnect))
            {
                WaitForExposure(proxy, connection, reason);
            }
            else
            {
                TryRemove(proxy);
                Disconnect(proxy, reason, permanently: true);
            }
        }

        _sends.Run();
        RunQueuedSoon();
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

            foreach (ServiceProxy proxy in _proxies)
            {
                if (!proxy.IsReady && names?.Contains(proxy.Methods.ServiceName) != false && proxy.Exposure.TryBeginAgain())
                {
                    _sends.Add(() => connection.Bind(proxy));
                }
            }
        }

        _sends.Run();
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
            RunQueuedSoon();
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

            DisconnectProxies(reason, permanently: !_options.Reconnect, number);
            Raise(() => _disconnected.Emit(reason));
        }
    }

    /// <summary>Begins the next attempt and raises the signals. Called when the calls of a lost connection have failed.</summary>
    internal void AfterLost() => RunQueued();

    /// <summary>Gets a value that indicates whether the client retries a failed attempt.</summary>
    private bool WillRetry => _options.Retry || (_options.Reconnect && _wasConnected);

    private static ThreadPoolEvaluator CreateEvaluator(ILogger logger, IpcEndpoint endpoint) =>
        new(new ConnectionEvaluatorOptions { ExceptionHandler = exception => SlotThrew(logger, endpoint, exception) });

    [LoggerMessage(11, LogLevel.Error, "Client of {Endpoint}: the evaluator could not be notified of an event")]
    private static partial void NotificationFailed(ILogger logger, IpcEndpoint endpoint, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "Client of {Endpoint}: a step of connecting or binding failed")]
    private static partial void StepFailed(ILogger logger, IpcEndpoint endpoint, Exception exception);

    [LoggerMessage(12, LogLevel.Error, "Client of {Endpoint}: a slot of a signal of the client or its proxies threw an exception")]
    private static partial void SlotThrew(ILogger logger, IpcEndpoint endpoint, Exception exception);

    private static TaskCompletionSource NewWaiter()
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        // If the caller has canceled its wait, the signals report the failure, so the task's exception must not count as unobserved.
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
                $"The name of service {proxy.Methods.ServiceName} does not fit into a frame of {_options.MaxFrameSize} bytes. Raise {nameof(IpcClientOptions.MaxFrameSize)}."
            );
        }

        TaskCompletionSource? waiter = isAwaited ? NewWaiter() : null;
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
                ClientConnection connection = _connection!;
                proxy.Exposure.Begin();
                _sends.Add(() => connection.Bind(proxy));
            }
            else if (isIdle && isAwaited)
            {
                _attempts.Add(_reminder.Start);
            }
        }

        _sends.Run();
        if (isIdle)
        {
            _attempts.Run();
        }

        return waiter;
    }

    /// <summary>Finds a proxy by its reference, since its equality is user code. Called inside the lock.</summary>
    private int IndexOf(ServiceProxy proxy) => _proxies.FindIndex(other => ReferenceEquals(other, proxy));

    /// <summary>Removes a proxy from the list. Returns false if it was not in the list. Called inside the lock.</summary>
    private bool TryRemove(ServiceProxy proxy)
    {
        int index = IndexOf(proxy);
        if (index < 0)
        {
            return false;
        }

        _proxies.RemoveAt(index);
        return true;
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
        Debug.Assert(_state != State.Disposed || _proxies.Count == 0, "A disposed client has no proxies.");
        Debug.Assert(
            _proxies.TrueForAll(static proxy => !proxy.IsReady || (!proxy.Exposure.IsWaiting && !proxy.Exposure.IsRequested)),
            "A bound proxy waits for nothing."
        );
    }

    /// <summary>
    /// Queues an event after the steps of connecting that were queued before it, so that a change has been made when a signal reports it. Called
    /// inside the lock.
    /// </summary>
    private void Raise(Action raise) => _attempts.Add(() => _events.Add(raise));

    /// <summary>Runs the actions that were queued inside the lock.</summary>
    private void RunQueued()
    {
        _sends.Run();
        _attempts.Run();
        _events.Run();
    }

    /// <summary>Runs the queued actions on the thread pool, since user code must not block a thread that receives or runs timers.</summary>
    private void RunQueuedSoon() => ThreadPool.UnsafeQueueUserWorkItem(static client => client.RunQueued(), this, preferLocal: false);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_state == State.Disposed, this);

    /// <summary>Begins to connect. Called inside the lock.</summary>
    private void BeginAttempt()
    {
        _state = State.Connecting;
        _hasAppeared = false;
        _connectionNumber++;
        var connection = new ClientConnection(this, _options, WillRetry);
        _connection = connection;
        connection.Connected.Connect(outcome => OnConnected(connection, outcome));
        _attempts.Add(_reminder.Stop);
        _attempts.Add(_retry.Stop);
        if (WillRetry)
        {
            _attempts.Add(_retry.Watch);
        }

        _attempts.Add(() =>
        {
            Observe();
            connection.Begin(Endpoint);
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

        RunQueued();
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

    private void OnConnected(ClientConnection connection, ConnectOutcome outcome)
    {
        connection.EndConnecting();
        if (outcome.Failure is { } failure)
        {
            if (TryFailAttempt(connection, failure))
            {
                RunQueued();
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
            _attempts.Add(_retry.OnConnected);
            _sends.Add(() => connection.SendIdentity(Endpoint));
            foreach (ServiceProxy proxy in _proxies)
            {
                proxy.Exposure.Begin();
                _sends.Add(() => connection.Bind(proxy));
            }

            Raise(_connected.Emit);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                Raise(() => waiter.TrySetResult());
            }
        }

        _sends.Run();
        RunQueuedSoon();
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
                Raise(() => _connectFailed.Emit(failure));
                return true;
            }

            _state = State.Idle;
            Raise(() => _connectFailed.Emit(failure));
            DisconnectProxies(failure, permanently: true, _connectionNumber);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                Raise(() => waiter.TrySetException(new IpcException(failure.Message, failure.Exception)));
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
            _attempts.Add(_retry.ResetDelay);
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
            _attempts.Add(_retry.Watch);
            WaitToRetry();
        }
    }

    /// <summary>Waits until the next attempt is due. Called inside the lock.</summary>
    private void WaitToRetry()
    {
        bool mayHaveComeTooEarly = _hasAppeared;
        _state = State.WaitingToRetry;
        _attempts.Add(_retry.Wait);
        if (mayHaveComeTooEarly)
        {
            BeginAttempt();
        }
    }

    /// <summary>Keeps a proxy whose service was refused, until the host exposes the service. Called inside the lock.</summary>
    private void WaitForExposure(ServiceProxy proxy, ClientConnection connection, DisconnectReason reason)
    {
        bool isFirst = proxy.Exposure.Refuse(_connectionNumber, out bool isReported);
        if (isReported && proxy.Exposure.TryBeginAgain())
        {
            // The report and the refusal may have crossed.
            _sends.Add(() => connection.Bind(proxy));
        }

        if (!isFirst)
        {
            return;
        }

        reason = reason with { Message = $"{reason.Message} The client asks again when the host exposes it, and on its next connection." };
        proxy.RemoveBinding(reason);
        Raise(() => proxy.RaiseDisconnected(Evaluator, reason));
        _attempts.Add(() => ClientLog.ServiceAwaited(_options.Log, Endpoint, proxy.Methods.ServiceName));
    }

    /// <summary>Logs that a proxy waits for a connection that nothing makes.</summary>
    private void RemindOfConnecting()
    {
        string? service;
        lock (_lock)
        {
            AssertInvariants();
            service = _state == State.Idle ? _proxies.Find(static proxy => proxy.BindWaiter is not null)?.Methods.ServiceName : null;
        }

        if (service is not null)
        {
            ClientLog.BindWithoutConnect(_options.Log, Endpoint, service);
        }
    }

    /// <summary>Disconnects all proxies from a connection. Called inside the lock.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="permanently">A value that indicates whether the proxies no longer belong to the client.</param>
    /// <param name="connection">The number of the connection. A proxy whose service it has refused has been told already.</param>
    private void DisconnectProxies(DisconnectReason reason, bool permanently, long connection)
    {
        foreach (ServiceProxy proxy in _proxies)
        {
            Disconnect(proxy, reason, permanently, isTold: proxy.Exposure.WasRefusedBy(connection));
        }

        if (permanently)
        {
            _proxies.Clear();
        }
    }

    private void Disconnect(ServiceProxy proxy, DisconnectReason reason, bool permanently, bool isTold = false)
    {
        proxy.RemoveBinding(reason);
        if (!isTold)
        {
            Raise(() => proxy.RaiseDisconnected(Evaluator, reason));
        }

        // BindAsync of a service that was refused waits across connections.
        bool goesOn = !permanently && proxy.Exposure.IsWaiting;
        if (!goesOn && TakeWaiter(proxy) is { } waiter)
        {
            Raise(() => waiter.TrySetException(IpcDisconnectedException.OfBinding(reason)));
        }

        proxy.Exposure.EndRequest();
        if (permanently)
        {
            proxy.Exposure.End();
            proxy.Detach();
        }
    }
}
