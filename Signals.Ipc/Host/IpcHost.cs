using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Signals.Ipc.Host;
using Signals.Ipc.Sockets;

namespace Signals.Ipc;

/// <summary>
/// Offers services to other processes. Services may be exposed and endpoints opened at any time, from any thread. A client that is slow,
/// silent or hostile harms no other client: see the limits in <see cref="IpcHostOptions"/>.
/// </summary>
public sealed class IpcHost : IAsyncDisposable
{
    /// <summary>Into how many steps the idle timeout is divided: a client is disconnected at most one of them too late.</summary>
    private const int IdleSteps = 4;

    private static readonly DisconnectReason Stopped = new(DisconnectCause.ClosedLocally, "The host has stopped.");

    private readonly IpcHostOptions _options;
    private readonly IpcConnectionSettings _settings;
    private readonly ServiceTable _services = new();
    private readonly RequestBudget _budget;
    private readonly ClientCheck _check;

    /// <summary>The log of client activity, which limits how often all clients together can repeat a line.</summary>
    private readonly LimitedLogger _log;

    private readonly ConnectionEvaluator _evaluator;
    private readonly ConnectionEvaluator? _ownEvaluator;

    /// <summary>What happens, on the threads where it happens. The public signals follow on the evaluator.</summary>
    private readonly Signal<ClientInfo> _connected = new();

    private readonly Signal<ClientInfo, DisconnectReason> _disconnected = new();
    private readonly Signal<ClientInfo> _clientConnected = new();
    private readonly Signal<ClientInfo, DisconnectReason> _clientDisconnected = new();

    /// <summary>Guards all below.</summary>
    private readonly Lock _lock = new();

    private readonly List<IpcListener> _listeners = [];
    private readonly Dictionary<long, HostConnection> _connections = [];

    /// <summary>Completed when the host is stopping and its last client has gone.</summary>
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Emitted behind everything else, so that the host knows when its own evaluator has raised that.</summary>
    private readonly Signal _stopped = new();

    /// <summary>Completed when all has been raised, where the host's own evaluator does that; at once where another one does.</summary>
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the grace period.</summary>
    private readonly CancellationTokenSource _impatience = new();

    /// <summary>Cancelled to end the wait of calls that are starting to listen.</summary>
    private readonly CancellationTokenSource _stopRequested = new();

    /// <summary>How many clients there are, those included that have to be authorized yet.</summary>
    private int _admitted;

    private long _lastClientId;
    private long _refusedClients;

    /// <summary>The dropped frames of the clients that have gone.</summary>
    private long _droppedFrames;

    private ITimer? _idleTimer;
    private bool _isStopping;
    private Task? _stopping;

    /// <summary>The failure to close something, until a call has thrown it. Not guarded by the lock.</summary>
    private Exception? _stopFailure;

    /// <summary>Makes a host.</summary>
    /// <param name="options">Limits and other choices, or null for the usual ones.</param>
    public IpcHost(IpcHostOptions? options = null)
    {
        _options = options?.Copy() ?? new IpcHostOptions();
        _log = new LimitedLogger(_options.Log, _options.Time, "The host", LimitedLogger.LinesOfHost);
        _budget = new RequestBudget(_options.MaxTotalRequestBytes);
        _check = new ClientCheck(_options, _log);
        _settings = new IpcConnectionSettings
        {
            MaxFrameSize = _options.MaxFrameSize,
            MaxUnsentBytes = _options.MaxUnsentBytes,
            WriteTimeout = _options.WriteTimeout,
            TimeProvider = _options.Time,
            Logger = _log,
        };
        if (_options.Evaluator is null)
        {
            _ownEvaluator = new ThreadPoolEvaluator(
                new ConnectionEvaluatorOptions { ExceptionHandler = exception => HostLog.SlotThrew(_options.Log, exception) }
            );
        }

        _evaluator = _options.Evaluator ?? _ownEvaluator!;
        _connected.ConnectDeferred(_evaluator, _clientConnected.Emit);
        _disconnected.ConnectDeferred(_evaluator, _clientDisconnected.Emit);
        if (_ownEvaluator is null)
        {
            _told.SetResult();
        }
        else
        {
            _stopped.ConnectDeferred(_ownEvaluator, () => _told.TrySetResult());
        }
    }

    /// <summary>A client has connected and may be here. Its slots run on the host's evaluator.</summary>
    public ISignal<ClientInfo> ClientConnected => _clientConnected;

    /// <summary>A client whose connection was told has gone, and why. Its slots run on the host's evaluator.</summary>
    public ISignal<ClientInfo, DisconnectReason> ClientDisconnected => _clientDisconnected;

    /// <summary>How many clients are connected.</summary>
    public int ClientCount
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>How many calls of all clients wait for their last answer.</summary>
    public int ActiveCalls
    {
        get
        {
            lock (_lock)
            {
                return _connections.Values.Sum(connection => connection.ActiveCalls);
            }
        }
    }

    /// <summary>How many clients were refused, by <see cref="IpcHostOptions.Authorize"/> or because there were too many.</summary>
    public long RefusedClientCount => Interlocked.Read(ref _refusedClients);

    /// <summary>How many frames were dropped because they were no messages of the protocol.</summary>
    public long DroppedFrameCount
    {
        get
        {
            lock (_lock)
            {
                return _droppedFrames + _connections.Values.Sum(connection => connection.DroppedFrameCount);
            }
        }
    }

    /// <summary>Offers a service.</summary>
    /// <param name="service">The service.</param>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The host exposes a service of that short name already, or an rpc of the service has no method.
    /// </exception>
    public void Expose(Service service)
    {
        ArgumentNullException.ThrowIfNull(service);
        _services.Add(service);
    }

    /// <summary>
    /// Begins to listen. May be called several times, with different endpoints. Waits, at most a few seconds, where another host is starting at the
    /// same path; the host serves the clients of its other endpoints meanwhile. <see cref="StartAsync"/> waits without blocking the thread.
    /// </summary>
    /// <param name="endpoint">The endpoint. <c>[::]</c> means all addresses of the machine, <c>localhost</c> both loopback addresses.</param>
    /// <returns>Where it listens: <paramref name="endpoint"/>, with the port that the system chose for a port 0.</returns>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    /// <exception cref="IpcException">The host cannot listen there. The message states the reason and a remedy.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping or has stopped, perhaps while this waited.</exception>
    public IpcEndpoint Start(IpcEndpoint endpoint)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        ThrowIfStopping();
        IpcListener listener;
        try
        {
            listener = IpcListener.Listen(endpoint, _options.SocketFileMode, _settings, _stopRequested.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw HasStopped(exception);
        }

        return Serve(listener);
    }

    /// <summary>Begins to listen like <see cref="Start"/>, without blocking the thread while it waits.</summary>
    /// <param name="endpoint">The endpoint. <c>[::]</c> means all addresses of the machine, <c>localhost</c> both loopback addresses.</param>
    /// <param name="cancellationToken">A token that ends the wait; the host then does not listen there.</param>
    /// <returns>A task that completes when the host listens, with the endpoint that <see cref="Start"/> returns.</returns>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    /// <exception cref="IpcException">The host cannot listen there. The message states the reason and a remedy.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping or has stopped, perhaps while this waited.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public Task<IpcEndpoint> StartAsync(IpcEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        return StartCoreAsync(endpoint, cancellationToken);
    }

    /// <summary>
    /// Stops: accepts nobody any more and removes the socket files, refuses new calls, lets those under way end within the grace period and
    /// disconnects everybody.
    /// </summary>
    /// <param name="cancellationToken">Ends the grace period at once.</param>
    /// <returns>
    /// A task that completes when all have been disconnected and, unless the host was given an evaluator, the slots of
    /// <see cref="ClientDisconnected"/> have run, so such a slot must not block on it. A method that blocks is waited for within the grace
    /// period; afterwards its client is disconnected, and what it returns is discarded.
    /// </returns>
    /// <exception cref="IpcException">
    /// A socket file could not be removed. Everything else has been closed before this is thrown, by the first call of this method or of
    /// <see cref="DisposeAsync"/> to end; the others end as usual.
    /// </exception>
    /// <exception cref="AggregateException">Several socket files could not be removed.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await EndAsync(cancellationToken).ConfigureAwait(false);
        await _told.Task.ConfigureAwait(false);
        ThrowStopFailure();
    }

    /// <summary>
    /// Disconnects everybody without a grace period. No signal is raised any more, not even what was on its way. <see cref="StopAsync"/> is the
    /// polite way.
    /// </summary>
    /// <returns>A task that completes when all have been disconnected. A method that blocks is not waited for.</returns>
    /// <exception cref="IpcException">A socket file could not be removed; see <see cref="StopAsync"/>.</exception>
    /// <exception cref="AggregateException">Several socket files could not be removed.</exception>
    public async ValueTask DisposeAsync()
    {
        _connected.Dispose();
        _disconnected.Dispose();
        _clientConnected.Dispose();
        _clientDisconnected.Dispose();
        await EndAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _ownEvaluator?.Dispose();
        _told.TrySetResult();
        ThrowStopFailure();
    }

    private static InvalidOperationException HasStopped(Exception? exception = null) => new("The host has been stopped. Make a new one.", exception);

    private async Task<IpcEndpoint> StartCoreAsync(IpcEndpoint endpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopping();
        IpcListener listener;
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopRequested.Token))
        {
            try
            {
                listener = await IpcListener.ListenAsync(endpoint, _options.SocketFileMode, _settings, end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw HasStopped(exception);
            }
        }

        return Serve(listener);
    }

    /// <summary>Accepts the clients of a listener, or closes it if the host has been stopped meanwhile.</summary>
    private IpcEndpoint Serve(IpcListener listener)
    {
        bool isUnixSocket = !listener.Endpoint.IsTcp;
        listener.Accepted.Connect(socket => OnAccepted(socket, isUnixSocket));
        ITimer? timer;
        try
        {
            timer = NeedsIdleTimer() ? CreateIdleTimer() : null;
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        bool isStopping;
        lock (_lock)
        {
            isStopping = _isStopping;
            if (!isStopping)
            {
                _listeners.Add(listener);
                if (_idleTimer is null)
                {
                    (_idleTimer, timer) = (timer, null);
                }
            }
        }

        timer?.Dispose();
        if (isStopping)
        {
            listener.Dispose();
            throw HasStopped();
        }

        listener.Start();
        return listener.Endpoint;
    }

    private void ThrowIfStopping()
    {
        lock (_lock)
        {
            if (_isStopping)
            {
                throw HasStopped();
            }
        }
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        Task stopping;
        lock (_lock)
        {
            stopping = _stopping ??= Task.Run(StopCoreAsync, CancellationToken.None);
        }

        // Also when somebody else has begun to stop the host, more patiently.
        using (cancellationToken.UnsafeRegister(static host => ((IpcHost)host!)._impatience.Cancel(), this))
        {
            await stopping.ConfigureAwait(false);
        }
    }

    private async Task StopCoreAsync()
    {
        IpcListener[] listeners;
        HostConnection[] connections;
        ITimer? idleTimer;
        lock (_lock)
        {
            _isStopping = true;
            listeners = [.. _listeners];
            connections = [.. _connections.Values];
            idleTimer = _idleTimer;
            CompleteEmpty();
        }

        CloseAll([_stopRequested.Cancel, _check.Dispose, () => idleTimer?.Dispose(), .. listeners.Select(listener => (Action)listener.Dispose)]);
        Task drained = Task.WhenAll(connections.Select(connection => connection.DrainAsync()));
        await drained
            .WaitAsync(_options.GracePeriod, _options.Time, _impatience.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Array.ForEach(connections, connection => connection.Close(Stopped));

        // A method that blocks keeps its thread, but neither its client nor the host.
        Array.ForEach(connections, connection => connection.EndIfDelivering());
        await _empty.Task.ConfigureAwait(false);
        _log.Flush();
        _stopped.Emit();
    }

    /// <summary>Closes everything, even if closing one part fails: the failures are kept until the host has closed the rest.</summary>
    private void CloseAll(IEnumerable<Action> closes)
    {
        List<Exception> failures = [];
        foreach (Action close in closes)
        {
            try
            {
                close();
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        _stopFailure = failures switch
        {
            [] => null,
            [var failure] => failure,
            _ => new AggregateException(failures),
        };
    }

    /// <summary>Throws the failures of closing, once: a later call finds the host stopped.</summary>
    private void ThrowStopFailure()
    {
        if (Interlocked.Exchange(ref _stopFailure, null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>On the listener's thread, so it hands over at once: one client must not delay the next one.</summary>
    private void OnAccepted(Socket socket, bool isUnixSocket)
    {
        bool isAdmitted;
        long id;
        lock (_lock)
        {
            id = ++_lastClientId;
            isAdmitted = !_isStopping && _admitted < _options.MaxClients;
            _admitted += isAdmitted ? 1 : 0;
        }

        if (!isAdmitted)
        {
            Refuse(socket, id, $"There are {_options.MaxClients} clients already, or the host is stopping.");
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = AdmitAsync(socket, id, isUnixSocket), null);
    }

    private async Task AdmitAsync(Socket socket, long id, bool isUnixSocket)
    {
        ClientInfo client;
        try
        {
            client = Describe(socket, id);
            if (_check.IsNeeded && !await _check.IsAllowedAsync(client).ConfigureAwait(false))
            {
                Release();
                Refuse(socket, id, "It is not authorized.");
                return;
            }
        }
        catch (Exception exception)
        {
            // Whatever the check throws: who cannot be checked does not get in.
            Release();
            Refuse(socket, id, "It could not be authorized.", exception);
            return;
        }

        var connection = new HostConnection(client, isUnixSocket, _services, _budget, _options, _settings);
        connection.Disconnected.Connect(connection, OnDisconnected);
        bool isStopping;
        lock (_lock)
        {
            isStopping = _isStopping;
            if (!isStopping)
            {
                _connections.Add(id, connection);
                _budget.CountClient(1);
            }
        }

        if (isStopping)
        {
            Release();
            Refuse(socket, id, "The host is stopping.");
            return;
        }

        // First of all that is heard of this client.
        Raise(client, () => _connected.Emit(client));
        if (!connection.Start(socket))
        {
            OnDisconnected(connection, Stopped);
        }
    }

    private static ClientInfo Describe(Socket socket, long id) =>
        PeerCredentials.Of(socket) is { } credentials
            ? new ClientInfo(id)
            {
                ProcessId = credentials.ProcessId,
                UserId = (uint)credentials.UserId,
                GroupId = (uint)credentials.GroupId,
                IsVerified = true,
            }
            : new ClientInfo(id);

    private void Refuse(Socket socket, long id, string reason, Exception? exception = null)
    {
        // Counted before the client can know.
        Interlocked.Increment(ref _refusedClients);
        HostLog.ClientRefused(_log, exception, id, reason);
        socket.Dispose();
    }

    private void OnDisconnected(HostConnection connection, DisconnectReason reason)
    {
        // Before the client counts as gone: who waits for that has heard of it all.
        Raise(connection.Client, () => _disconnected.Emit(connection.Client, reason));
        lock (_lock)
        {
            _connections.Remove(connection.Client.Id);
            _droppedFrames += connection.DroppedFrameCount;
            CompleteEmpty();
        }

        // Outside the lock: it may let other clients be read again.
        _budget.CountClient(-1);
        Release();
    }

    /// <summary>Raises a signal of a client. An evaluator that cannot be woken must neither keep the client nor end the process.</summary>
    private void Raise(ClientInfo client, Action raise)
    {
        try
        {
            raise();
        }
        catch (Exception exception)
        {
            HostLog.RaisingFailed(_options.Log, exception, client.Id);
        }
    }

    /// <summary>Gives a client's place to others: before the client can know that it is none, and another one come in its stead.</summary>
    private void Release()
    {
        lock (_lock)
        {
            _admitted--;
        }
    }

    /// <summary>Inside the lock.</summary>
    private void CompleteEmpty()
    {
        if (_isStopping && _connections.Count == 0)
        {
            _empty.TrySetResult();
        }
    }

    private bool NeedsIdleTimer()
    {
        lock (_lock)
        {
            return _idleTimer is null && _options.IdleTimeout != Timeout.InfiniteTimeSpan;
        }
    }

    private ITimer CreateIdleTimer()
    {
        TimeSpan period = _options.IdleTimeout / IdleSteps;
        return _options.Time.CreateTimer(_ => CloseIdle(), null, period, period);
    }

    private void CloseIdle()
    {
        HostConnection[] connections;
        lock (_lock)
        {
            connections = [.. _connections.Values];
        }

        foreach (HostConnection connection in connections.Where(connection => connection.CountIdleStep() >= IdleSteps))
        {
            connection.Close(new DisconnectReason(DisconnectCause.IdleTimeout, $"The client sent no request for {_options.IdleTimeout}."));
        }
    }
}
