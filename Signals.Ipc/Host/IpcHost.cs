using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Guards;
using Signals.Ipc.Host;
using Signals.Ipc.Transport;
using Signals.Remote;

namespace Signals.Ipc;

/// <summary>
/// Exposes services to other processes. Services can be exposed and endpoints opened at any time, from any thread. A client that is slow,
/// idle or hostile does not affect other clients: see the limits in <see cref="IpcHostOptions"/>.
/// </summary>
public sealed partial class IpcHost : IAsyncDisposable
{
    /// <summary>The number of steps of the idle timeout: a client is disconnected at most one step late.</summary>
    private const int IdleSteps = 4;

    private static readonly DisconnectReason Stopped = new(DisconnectCause.ClosedLocally, "The host has stopped.");

    private readonly IpcHostOptions _options;
    private readonly IpcConnectionSettings _settings;
    private readonly ListenerSettings _listenerSettings;
    private readonly ServiceTable _services = new();
    private readonly RequestBudget _budget;
    private readonly ClientCheck _check;

    /// <summary>The log of client activity, which limits how often all clients together can repeat a log message.</summary>
    private readonly LimitedLogger _log;

    private readonly ConnectionEvaluator? _ownEvaluator;
    private readonly ConnectionEvaluator _evaluator;

    private readonly RelayedSignal<ClientInfo> _clientConnected;
    private readonly RelayedSignal<ClientInfo, DisconnectReason> _clientDisconnected;

    /// <summary>Guards all fields below, unless noted otherwise.</summary>
    private readonly Lock _lock = new();

    private readonly List<IpcListener> _listeners = [];
    private readonly Dictionary<long, HostConnection> _connections = [];

    /// <summary>Completed when the host is stopping and its last client has disconnected.</summary>
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completed when the host's own evaluator has emitted all signals; completed from the beginning if the options provide an evaluator.
    /// </summary>
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the grace period.</summary>
    private readonly CancellationTokenSource _impatience = new();

    /// <summary>Cancelled to end the waits of <see cref="Start"/> and <see cref="StartAsync"/>.</summary>
    private readonly CancellationTokenSource _stopRequested = new();

    /// <summary>Cancelled when the host begins to stop, for the methods of its services.</summary>
    private readonly CancellationTokenSource _hostStopping = new();

    /// <summary>The number of clients, including those that are being authorized.</summary>
    private int _admitted;

    private long _lastClientId;
    private long _refusedClients;

    /// <summary>The number of dropped frames of clients that have disconnected.</summary>
    private long _droppedFrames;

    private ITimer? _idleTimer;
    private bool _isStopping;
    private Task? _stopping;

    /// <summary>The failure to close a resource, until a call has thrown it. Not guarded by the lock.</summary>
    private Exception? _stopFailure;

    /// <summary>Initializes a new instance of the <see cref="IpcHost"/> class.</summary>
    /// <param name="options">The options, or null for the default ones.</param>
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
            KeepAlive = _options.KeepAlive,
            TimeProvider = _options.Time,
            Logger = _log,
        };
        _listenerSettings = new ListenerSettings
        {
            SocketFileMode = _options.SocketFileMode,
            TimeProvider = _options.Time,
            Logger = _log,
        };
        if (_options.Evaluator is null)
        {
            _ownEvaluator = new ThreadPoolEvaluator(
                new ConnectionEvaluatorOptions { ExceptionHandler = exception => HostLog.SlotThrew(_options.Log, exception) }
            );
        }

        ConnectionEvaluator evaluator = _options.Evaluator ?? _ownEvaluator!;
        _evaluator = evaluator;
        _clientConnected = new RelayedSignal<ClientInfo>(evaluator);
        _clientDisconnected = new RelayedSignal<ClientInfo, DisconnectReason>(evaluator);
        Exports = new RemoteExports(ExchangeService.Capabilities, evaluator, _options.Time);
        if (_ownEvaluator is null)
        {
            _told.SetResult();
        }
    }

    /// <summary>Gets the signal that is emitted when a client has connected and is authorized. Its slots run on the host's evaluator.</summary>
    public ISignal<ClientInfo> ClientConnected => _clientConnected;

    /// <summary>
    /// Gets the signal that is emitted, with the reason, when a client has disconnected for which <see cref="ClientConnected"/> was emitted. Its
    /// slots run on the host's evaluator.
    /// </summary>
    public ISignal<ClientInfo, DisconnectReason> ClientDisconnected => _clientDisconnected;

    /// <summary>Gets the number of connected clients.</summary>
    public int ClientCount
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _connections.Count;
            }
        }
    }

    /// <summary>
    /// Gets the number of connected clients whose requests are not read at present, because one of the limits in <see cref="IpcHostOptions"/> is reached.
    /// </summary>
    public int PausedClients
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _connections.Values.Count(connection => connection.IsReadingPaused);
            }
        }
    }

    /// <summary>Gets the number of active calls of all clients, from the first instruction of their methods to their last reply.</summary>
    public int ActiveCalls
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _connections.Values.Sum(connection => connection.ActiveCalls);
            }
        }
    }

    /// <summary>
    /// Gets the number of clients that were refused: not authorized, over <see cref="IpcHostOptions.MaxClients"/>, or while the host was stopping.
    /// </summary>
    public long RefusedClientCount => Interlocked.Read(ref _refusedClients);

    /// <summary>Gets the number of frames that were dropped because they are not messages of the protocol.</summary>
    public long DroppedFrameCount
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _droppedFrames + _connections.Values.Sum(connection => connection.DroppedFrameCount);
            }
        }
    }

    /// <summary>
    /// Exposes a service to all clients, connected ones included: those that retry or reconnect, and that wait for this service, bind it now.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <exception cref="ArgumentNullException"><paramref name="service"/> is null.</exception>
    /// <exception cref="InvalidOperationException">
    /// The host already exposes a service with that short name, or an rpc of the service has no method.
    /// </exception>
    public void Expose(Service service)
    {
        ArgumentNullException.ThrowIfNull(service);
        _services.Add(service);
        HostConnection[] connections;
        lock (_lock)
        {
            AssertInvariants();
            connections = [.. _connections.Values];
        }

        if (connections.Length != 0)
        {
            byte[] exposed = ControlService.ExposedEvent(service.Descriptor.Name);
            Array.ForEach(connections, connection => connection.TellExposed(exposed));
        }
    }

    /// <summary>
    /// Starts to listen on an endpoint. Can be called several times, with different endpoints. Waits, for a few seconds at most, while another host
    /// is starting at the same path; clients of the host's other endpoints are served meanwhile. <see cref="StartAsync"/> does not block the thread.
    /// </summary>
    /// <param name="endpoint">The endpoint. <c>[::]</c> means all addresses of the machine, <c>localhost</c> both loopback addresses.</param>
    /// <returns>The endpoint that the host listens on: <paramref name="endpoint"/>, with port 0 replaced by the port that the system chose.</returns>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    /// <exception cref="IpcException">The host cannot listen on the endpoint. The message states the reason and a remedy.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping or has stopped, possibly during the wait.</exception>
    public IpcEndpoint Start(IpcEndpoint endpoint)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        ThrowIfStopping();
        IpcListener listener;
        try
        {
            listener = Transports.Listen(endpoint, _listenerSettings, _stopRequested.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw HasStopped(exception);
        }

        return Serve(listener);
    }

    /// <summary>Starts to listen on an endpoint, like <see cref="Start"/>, without blocking the thread while it waits.</summary>
    /// <param name="endpoint">The endpoint. <c>[::]</c> means all addresses of the machine, <c>localhost</c> both loopback addresses.</param>
    /// <param name="cancellationToken">A token that ends the wait; the host then does not listen on the endpoint.</param>
    /// <returns>A task that completes when the host listens, with the endpoint that <see cref="Start"/> returns.</returns>
    /// <exception cref="ArgumentException"><paramref name="endpoint"/> is <see langword="default"/>.</exception>
    /// <exception cref="IpcException">The host cannot listen on the endpoint. The message states the reason and a remedy.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping or has stopped, possibly during the wait.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public Task<IpcEndpoint> StartAsync(IpcEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        IpcEndpoint.ThrowIfDefault(endpoint);
        return StartCoreAsync(endpoint, cancellationToken);
    }

    /// <summary>
    /// Stops the host: stops accepting clients, removes the socket files, refuses new calls, lets active calls end within the grace period, and
    /// disconnects all clients.
    /// </summary>
    /// <param name="cancellationToken">A token that ends the grace period immediately.</param>
    /// <returns>
    /// A task that completes when all clients are disconnected and, unless the options provide an evaluator, the slots of
    /// <see cref="ClientDisconnected"/> have run, so such a slot must not block on the task. A method that blocks is waited for within the grace
    /// period; afterwards, its client is disconnected and its result is discarded.
    /// </returns>
    /// <exception cref="IpcException">
    /// A socket file could not be removed. Everything else is closed before this is thrown, by the first call of this method or of
    /// <see cref="DisposeAsync"/> to complete; other calls complete without an exception.
    /// </exception>
    /// <exception cref="AggregateException">Several socket files could not be removed.</exception>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await EndAsync(cancellationToken).ConfigureAwait(false);
        await _told.Task.ConfigureAwait(false);
        ThrowStopFailure();
    }

    /// <summary>
    /// Stops the host and disconnects all clients without a grace period. No signal is emitted afterwards, including queued emissions. Call
    /// <see cref="StopAsync"/> first to let active calls end.
    /// </summary>
    /// <returns>A task that completes when all clients are disconnected. A method that blocks is not waited for.</returns>
    /// <exception cref="IpcException">A socket file could not be removed; see <see cref="StopAsync"/>.</exception>
    /// <exception cref="AggregateException">Several socket files could not be removed.</exception>
    public async ValueTask DisposeAsync()
    {
        _clientConnected.Dispose();
        _clientDisconnected.Dispose();
        await EndAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        Exports.Dispose();
        _ownEvaluator?.Dispose();
        _told.TrySetResult();
        ThrowStopFailure();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_admitted >= 0, "Each place is freed once.");
        Debug.Assert(_lastClientId >= _connections.Count, "Each client has an id of its own.");
        Debug.Assert(!_isStopping || _stopping is not null, "A host stops because it was told to.");
        Debug.Assert(
            !_empty.Task.IsCompleted || (_isStopping && _connections.Count == 0),
            "A host without clients that is stopping gets no further client."
        );
    }

    private static InvalidOperationException HasStopped(Exception? exception = null) => new("The host has been stopped. Create a new one.", exception);

    private async Task<IpcEndpoint> StartCoreAsync(IpcEndpoint endpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopping();
        IpcListener listener;
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopRequested.Token))
        {
            try
            {
                listener = await Transports.ListenAsync(endpoint, _listenerSettings, end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw HasStopped(exception);
            }
        }

        return Serve(listener);
    }

    /// <summary>Starts to accept the clients of a listener, or closes it if the host has been stopped meanwhile.</summary>
    internal IpcEndpoint Serve(IpcListener listener)
    {
        // The listener ends with the host.
        _ = listener.Accepted.Connect(OnAccepted);
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
            AssertInvariants();
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
            AssertInvariants();
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
            AssertInvariants();
            stopping = _stopping ??= Task.Run(StopCoreAsync, CancellationToken.None);
        }

        // Also if an earlier call has begun to stop the host with a longer grace period.
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
            AssertInvariants();
            _isStopping = true;
            listeners = [.. _listeners];
            connections = [.. _connections.Values];
            idleTimer = _idleTimer;
            CompleteEmpty();
        }

        CloseAll([_stopRequested.Cancel, _check.Dispose, () => idleTimer?.Dispose(), .. listeners.Select(listener => (Action)listener.Dispose)]);
        _ = TellServicesAsync();
        Task drained = Task.WhenAll(connections.Select(connection => connection.DrainAsync()));
        await drained.WaitAsync(_options.GracePeriod, _options.Time, _impatience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Array.ForEach(connections, connection => connection.Close(Stopped));

        // A method that blocks occupies its thread, but must not delay the end of its client or the host.
        Array.ForEach(connections, connection => connection.EndIfDelivering());
        await _empty.Task.ConfigureAwait(false);
        _log.Flush();

        // After all signals of clients.
        _ownEvaluator?.Post(() => _told.TrySetResult());
    }

    /// <summary>Cancels the token by which services hear that the host is stopping. The callbacks are user code that may block and throw.</summary>
    private async Task TellServicesAsync()
    {
        try
        {
            await _hostStopping.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HostLog.StoppingCallbackThrew(_options.Log, exception);
        }
    }

    /// <summary>Closes all resources, even if closing one fails, and stores the failures for <see cref="ThrowStopFailure"/>.</summary>
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

    /// <summary>Throws the failures of closing, once; later calls complete normally.</summary>
    private void ThrowStopFailure()
    {
        if (Interlocked.Exchange(ref _stopFailure, null) is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Handles an accepted client. Runs on the listener's thread, so the rest is queued: one client must not delay the next one.</summary>
    private void OnAccepted(IpcTransport transport)
    {
        bool isAdmitted;
        bool isStopping;
        long id;
        lock (_lock)
        {
            AssertInvariants();
            id = ++_lastClientId;
            isStopping = _isStopping;
            isAdmitted = !isStopping && _admitted < _options.MaxClients;
            _admitted += isAdmitted ? 1 : 0;
        }

        if (!isAdmitted)
        {
            if (isStopping)
            {
                Refuse(transport, id, LogLevel.Information, HostConnection.Stopping);
            }
            else
            {
                Refuse(transport, id, LogLevel.Warning, $"The limit of {_options.MaxClients} clients has been reached.");
            }

            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = AdmitAsync(transport, id), null);
    }

    private async Task AdmitAsync(IpcTransport transport, long id)
    {
        ClientInfo client;
        try
        {
            client = Describe(transport, id);
            if (_check.IsNeeded && !await _check.IsAllowedAsync(client).ConfigureAwait(false))
            {
                Release();
                Refuse(transport, id, LogLevel.Information, "The client is not authorized.");
                return;
            }
        }
        catch (Exception exception)
        {
            // Any exception of the check refuses the client.
            Release();
            Refuse(transport, id, LogLevel.Warning, "The authorization check failed.", exception);
            return;
        }

        var connection = new HostConnection(client, transport.AcceptsClaimedIdentity, _services, _budget, _options, _settings, _hostStopping.Token)
        {
            Exports = Exports,
            Evaluator = _evaluator,
        };
        connection.Disconnected.Connect(connection, OnDisconnected);
        bool isStopping;
        lock (_lock)
        {
            AssertInvariants();
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
            Refuse(transport, id, LogLevel.Information, HostConnection.Stopping);
            return;
        }

        // Before any other event of this client.
        Raise(client, () => _clientConnected.Emit(client));
        if (!connection.Start(transport))
        {
            OnDisconnected(connection, Stopped);
        }
    }

    private static ClientInfo Describe(IpcTransport transport, long id) =>
        transport.IdentifyPeer() is { } peer
            ? new ClientInfo(id)
            {
                ProcessId = peer.ProcessId,
                UserId = peer.UserId,
                GroupId = peer.GroupId,
                IsVerified = true,
            }
            : new ClientInfo(id);

    private void Refuse(IpcTransport transport, long id, LogLevel level, string reason, Exception? exception = null)
    {
        // Before the client can notice that it is refused.
        Interlocked.Increment(ref _refusedClients);
        HostLog.ClientRefused(_log, level, exception, id, reason);
        transport.Dispose();
    }

    private void OnDisconnected(HostConnection connection, DisconnectReason reason)
    {
        // Before the client is removed: a caller that waits for its removal has then seen all of its events.
        Raise(connection.Client, () => _clientDisconnected.Emit(connection.Client, reason));
        lock (_lock)
        {
            AssertInvariants();
            _connections.Remove(connection.Client.Id);
            _droppedFrames += connection.DroppedFrameCount;
            CompleteEmpty();
        }

        // Outside the lock: this may resume the reading of other clients.
        _budget.CountClient(-1);
        Release();
    }

    /// <summary>Emits a signal of a client. An evaluator that fails must not keep the client in the table or end the process.</summary>
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

    /// <summary>
    /// Frees a client's place for another client. Called before the client can notice that it is disconnected, so that another one can replace it.
    /// </summary>
    private void Release()
    {
        lock (_lock)
        {
            AssertInvariants();
            _admitted--;
        }
    }

    /// <summary>Completes <see cref="_empty"/> if the last client of a stopping host has disconnected. Called inside the lock.</summary>
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
            AssertInvariants();
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
            AssertInvariants();
            connections = [.. _connections.Values];
        }

        foreach (HostConnection connection in connections.Where(connection => connection.CountIdleStep() >= IdleSteps))
        {
            connection.Close(new DisconnectReason(DisconnectCause.IdleTimeout, $"The client sent no request for {_options.IdleTimeout}."));
        }
    }
}
