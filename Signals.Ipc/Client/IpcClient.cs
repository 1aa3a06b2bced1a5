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
    internal static readonly DisconnectReason ClosedLocally = new(DisconnectCause.ClosedLocally, "The client was disposed.");

    private readonly IpcClientOptions _options;
    private readonly Delivery _connected = new();
    private readonly Delivery<DisconnectReason> _connectFailed = new();
    private readonly Delivery<DisconnectReason> _disconnected = new();

    /// <summary>Raised last of all, to end the client's own evaluator behind everything that is queued there.</summary>
    private readonly Signal _ended = new();

    /// <summary>The events to be raised by the signals of the client and its proxies, in order. Filled by <see cref="Raise"/>.</summary>
    private readonly SerialQueue _events;

    /// <summary>The steps that begin, await and end attempts to connect, in order, with the events between them.</summary>
    private readonly SerialQueue _attempts;

    /// <summary>The requests that bind proxies, in order. A queue of its own, so that it never waits for user code.</summary>
    private readonly SerialQueue _sends;

    /// <summary>
    /// Guards everything below but <see cref="_retry"/>. Inside it there is only book-keeping: what is raised, sent, watched, timed or logged is
    /// queued there and done outside.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>The proxies that are bound, or are to be, in the order in which they were given.</summary>
    private readonly List<ServiceProxy> _proxies = [];

    /// <summary>Determines when to try again. Called by the actions of <see cref="_attempts"/> alone.</summary>
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

    /// <summary>Indicates whether the client has connected again at once after a connection that was not useful, since the last useful one.</summary>
    private bool _hasHurried;

    /// <summary>Makes a client that is not connected yet.</summary>
    /// <param name="endpoint">Where the host listens.</param>
    /// <param name="options">Where there is a choice.</param>
    /// <exception cref="ArgumentException">
    /// <paramref name="endpoint"/> is <see langword="default"/>, or the <see cref="IpcClientOptions.Identity"/> does not fit into a frame.
    /// </exception>
    public IpcClient(IpcEndpoint endpoint, IpcClientOptions? options = null)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        _options = options?.Copy() ?? new IpcClientOptions();
        Endpoint = endpoint;
        if (_options.Identity is { } identity && ClientConnection.SizeOfIdentity(identity) > _options.MaxFrameSize)
        {
            throw new ArgumentException(
                $"The {nameof(IpcClientOptions.Identity)} does not fit into a frame of {_options.MaxFrameSize} bytes: shorten it, or raise {nameof(IpcClientOptions.MaxFrameSize)}.",
                nameof(options)
            );
        }

        _events = new SerialQueue(_options.Log, EvaluatorNotTold);
        _attempts = new SerialQueue(_options.Log, StepFailed);
        _sends = new SerialQueue(_options.Log, StepFailed);
        Evaluator = _options.Evaluator ?? CreateEvaluator(_options.Log);
        _connected.DeliverOn(Evaluator);
        _connectFailed.DeliverOn(Evaluator);
        _disconnected.DeliverOn(Evaluator);
        if (_options.Evaluator is null)
        {
            _ended.ConnectDeferred(Evaluator, Evaluator.Dispose);
        }

        _retry = new ConnectRetry(endpoint, _options.Time, _options.Log, RetryNow, OnSocketAppeared);
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
                AssertInvariants();
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
                AssertInvariants();
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
            AssertInvariants();
            ThrowIfDisposed();
            if (_state == State.Idle)
            {
                BeginAttempt();
            }
        }

        RunQueued();
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
            AssertInvariants();
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

        RunQueued();
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
    /// <exception cref="IpcDisconnectedException">
    /// The service was refused, the connection failed, or the host did not reply within <see cref="IpcClientOptions.CallTimeout"/>
    /// (<see cref="IpcClientOptions.ConnectTimeout"/> where that is infinite).
    /// </exception>
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
            LoseProxies(ClosedLocally, forGood: true);
            Raise(_ended.Emit);
        }

        _connected.Dispose();
        _connectFailed.Dispose();
        _disconnected.Dispose();
        connection?.Dispose(ClosedLocally);
        connection?.FailCalls(ClosedLocally);

        // A continuation that blocks the receive thread keeps no call from failing, also none that waits for room.
        connection?.EndIfDelivering();
        waiter?.TrySetException(new ObjectDisposedException(nameof(IpcClient), "The client was disposed while it was connecting."));
        RunQueued();
        return ValueTask.CompletedTask;
    }

    /// <summary>Says where the client connects to and how that stands.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString() => $"{nameof(IpcClient)} {Endpoint} ({_state})";

    /// <summary>Lets go of a proxy that is being disposed.</summary>
    internal void Remove(ServiceProxy proxy)
    {
        var reason = new DisconnectReason(DisconnectCause.ClosedLocally, "The proxy was disposed.");
        ClientConnection? connection;
        ServiceBinding? binding;
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            AssertInvariants();
            if (!TryForget(proxy))
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

    /// <summary>The host has bound a proxy's service.</summary>
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
            Raise(proxy.ConnectedSource.Emit);
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
            if (connection != _connection || !TryForget(proxy))
            {
                return;
            }

            Lose(proxy, reason, forGood: true);
        }

        RunQueuedSoon();
    }

    /// <summary>Handles an attempt to connect that has exceeded its time limit.</summary>
    internal void OnConnectTimeout(ClientConnection connection)
    {
        string message = $"Connecting to {Endpoint} took longer than {_options.ConnectTimeout}. The peer may be frozen, or the machine not be reached.";
        var reason = new DisconnectReason(DisconnectCause.ConnectFailed, message, new TimeoutException(message));
        if (TryFailAttempt(connection, reason))
        {
            connection.Dispose(reason);
            RunQueuedSoon();
        }
    }

    /// <summary>
    /// Handles the loss of a connection: the client and its proxies are disconnected from now on, and its signals are queued. They are raised by
    /// <see cref="AfterLost"/>, when the connection has failed its calls.
    /// </summary>
    internal void OnLost(ClientConnection connection, DisconnectReason reason)
    {
        bool wasOfUse = connection.WasOfUse;
        lock (_lock)
        {
            AssertInvariants();
            if (connection != _connection)
            {
                return;
            }

            _connection = null;
            _state = State.Idle;
            LoseProxies(reason, forGood: !_options.Reconnect);
            Raise(() => _disconnected.Source.Emit(reason));
            if (_options.Reconnect)
            {
                Reconnect(wasOfUse, hasReceived: connection.HasReceived);
            }
        }
    }

    /// <summary>Begins the next attempt and raises the signals, when the calls of a lost connection have failed.</summary>
    internal void AfterLost() => RunQueued();

    /// <summary>Whether an attempt that fails is followed by another one.</summary>
    private bool WillRetry => _options.Retry || (_options.Reconnect && _wasConnected);

    private static ThreadPoolEvaluator CreateEvaluator(ILogger logger) =>
        new(new ConnectionEvaluatorOptions { ExceptionHandler = exception => SlotThrew(logger, exception) });

    [LoggerMessage(11, LogLevel.Error, "The evaluator could not be told of an event")]
    private static partial void EvaluatorNotTold(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "A step of connecting or binding failed")]
    private static partial void StepFailed(ILogger logger, Exception exception);

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

        TaskCompletionSource? waiter = isAwaited ? NewWaiter() : null;
        lock (_lock)
        {
            AssertInvariants();
            ThrowIfDisposed();
            proxy.Attach(this);
            proxy.BindWaiter = waiter;
            _proxies.Add(proxy);
            if (_state == State.Connected)
            {
                ClientConnection connection = _connection!;
                _sends.Add(() => connection.Bind(proxy));
            }
        }

        _sends.Run();
        return waiter;
    }

    /// <summary>Finds a proxy by its reference, since its equality is user code. Called inside the lock.</summary>
    private int IndexOf(ServiceProxy proxy) => _proxies.FindIndex(other => ReferenceEquals(other, proxy));

    /// <summary>Removes a proxy from the list. Called inside the lock. Returns false if it was not there.</summary>
    private bool TryForget(ServiceProxy proxy)
    {
        int index = IndexOf(proxy);
        if (index < 0)
        {
            return false;
        }

        _proxies.RemoveAt(index);
        return true;
    }

    /// <summary>States what holds whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_connection is not null == _state is State.Connecting or State.Connected, "There is a connection while it is made or stands.");
        Debug.Assert(_state != State.Connected || _wasConnected);
        Debug.Assert(_state is State.Connecting or State.WaitingToRetry || _connectWaiter is null, "A waiter waits while something is still to come.");
        Debug.Assert(_state != State.Disposed || _proxies.Count == 0, "A disposed client has let go of its proxies.");
    }

    /// <summary>
    /// Queues an event, behind the steps of connecting that were caused before it: when a signal reports a change, the change has been made. Called
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

    /// <summary>Runs the queued actions on the thread pool, for a thread that reads or runs timers and must not be blocked by user code.</summary>
    private void RunQueuedSoon() => ThreadPool.UnsafeQueueUserWorkItem(static client => client.RunQueued(), this, preferLocal: false);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_state == State.Disposed, this);

    /// <summary>Begins to connect. Called inside the lock.</summary>
    private void BeginAttempt()
    {
        _state = State.Connecting;
        _hasAppeared = false;
        var connection = new ClientConnection(this, _options);
        _connection = connection;
        connection.Connected.Connect(outcome => OnConnected(connection, outcome));
        _attempts.Add(_retry.Stop);
        if (WillRetry)
        {
            _attempts.Add(_retry.Watch);
        }

        _attempts.Add(() => connection.Begin(Endpoint));
    }

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
                _sends.Add(() => connection.Bind(proxy));
            }

            Raise(_connected.Source.Emit);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                Raise(() => waiter.TrySetResult());
            }
        }

        _sends.Run();
        RunQueuedSoon();
    }

    /// <summary>Ends an attempt that has failed. Returns false if it had ended already.</summary>
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
            Raise(() => _connectFailed.Source.Emit(failure));
            if (WillRetry)
            {
                WaitToRetry();
                return true;
            }

            _state = State.Idle;
            LoseProxies(failure, forGood: true);
            if (_connectWaiter is { } waiter)
            {
                _connectWaiter = null;
                Raise(() => waiter.TrySetException(new IpcException(failure.Message, failure.Exception)));
            }

            return true;
        }
    }

    /// <summary>Decides when to connect again after a loss. Called inside the lock.</summary>
    private void Reconnect(bool wasOfUse, bool hasReceived)
    {
        if (wasOfUse)
        {
            _hasHurried = false;
            _attempts.Add(_retry.ResetDelay);
            BeginAttempt();
        }
        else if (hasReceived && !_hasHurried)
        {
            // A host that has just restarted is found at once, but not repeatedly if it only replies to bindings and then disconnects.
            _hasHurried = true;
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
        proxy.RemoveBinding(reason);
        Signal<DisconnectReason> disconnected = proxy.DisconnectedSource;
        Raise(() => disconnected.Emit(reason));
        if (TakeWaiter(proxy) is { } waiter)
        {
            Raise(() => waiter.TrySetException(IpcDisconnectedException.OfBinding(reason)));
        }

        if (forGood)
        {
            proxy.Detach();
        }
    }
}
