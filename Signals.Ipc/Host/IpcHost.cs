using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Guards;
using Signals.Ipc.Host;
using Signals.Ipc.Telemetry;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Custom;
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

    private readonly IpcHostOptions _options;
    private readonly ListenerSettings _listenerSettings;
    private readonly ServiceTable _services = new();

    /// <summary>The log of client activity, which limits how often all clients together can repeat a log message.</summary>
    private readonly LimitedLogger _log;

    private readonly ConnectionEvaluator? _ownEvaluator;

    private readonly HostClients _clients;

    /// <summary>Passes signals from clients to clients, or null if the host does not.</summary>
    private readonly RemoteRelay? _relay;

    /// <summary>Guards all fields below, unless noted otherwise.</summary>
    private readonly Lock _lock = new();

    private readonly List<TransportListener> _listeners = [];

    /// <summary>
    /// Completed when the host's own evaluator has emitted all signals; completed from the beginning if the options provide an evaluator.
    /// </summary>
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the grace period.</summary>
    private readonly CancellationTokenSource _impatience = new();

    /// <summary>Cancelled to end the waits of <see cref="Start(IpcEndpoint)"/> and <see cref="StartAsync"/>.</summary>
    private readonly CancellationTokenSource _stopRequested = new();

    /// <summary>Cancelled when the host begins to stop, for the methods of its services.</summary>
    private readonly CancellationTokenSource _hostStopping = new();

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
        var settings = new IpcConnectionSettings
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
                new ConnectionEvaluatorOptions { Name = "IpcHost", ExceptionHandler = exception => HostLog.SlotThrew(_options.Log, exception) }
            );
        }

        ConnectionEvaluator evaluator = _options.Evaluator ?? _ownEvaluator!;
        Exports = new RemoteExports(
            ExchangeService.Capabilities,
            evaluator,
            _options.Time,
            failed: (name, exception) => HostLog.ExportFailed(_log, exception, PeerText.Clean(name))
        );
        Imports = new RemoteImports(ExchangeService.MergedCapabilities, evaluator, firstNumber: ClientImports.FirstMerged);
        _relay = _options.RelaySignals ? new RemoteRelay(Exports, Imports) : null;
        _clients = new HostClients(_options, _services, settings, _log, evaluator, this, _hostStopping.Token);
        if (_ownEvaluator is null)
        {
            _told.SetResult();
        }
    }

    /// <summary>Gets the signal that is emitted when a client has connected and is authorized. Its slots run on the host's evaluator.</summary>
    public ISignal<ClientInfo> ClientConnected => _clients.Connected;

    /// <summary>
    /// Gets the signal that is emitted, with the reason, when a client has disconnected for which <see cref="ClientConnected"/> was emitted. Its
    /// slots run on the host's evaluator.
    /// </summary>
    public ISignal<ClientInfo, DisconnectReason> ClientDisconnected => _clients.Disconnected;

    /// <summary>Gets the number of connected clients.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>
    /// Gets the number of connected clients whose requests are not read at present, because one of the limits in <see cref="IpcHostOptions"/> is reached.
    /// </summary>
    public int PausedClients => _clients.PausedCount;

    /// <summary>
    /// Gets the number of active calls of all clients, from the first instruction of their methods until their last reply is sent: when a client has received
    /// the last reply of a call, the call is no longer counted. While other calls begin and end, the number may be too high for a moment, never too low.
    /// </summary>
    public int ActiveCalls => _clients.ActiveCalls;

    /// <summary>
    /// Gets the number of clients that were refused: not authorized, over <see cref="IpcHostOptions.MaxClients"/>, or while the host was stopping.
    /// </summary>
    public long RefusedClientCount => _clients.RefusedCount;

    /// <summary>Gets the number of frames that were dropped because they are not messages of the protocol.</summary>
    public long DroppedFrameCount => _clients.DroppedFrameCount;

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
        _clients.TellExposed(service.Descriptor.Name);
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
        TransportListener listener;
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

    /// <summary>Starts to accept the clients of a listener of one's own, for a transport that the library does not know.</summary>
    /// <param name="listener">The listener, which the host disposes when it stops, or when this method throws because the host has stopped.</param>
    /// <returns>The endpoint of the listener.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="listener"/> is null.</exception>
    /// <exception cref="ArgumentException">The endpoint of <paramref name="listener"/> is <see langword="default"/>.</exception>
    /// <exception cref="InvalidOperationException">The host is stopping or has stopped.</exception>
    public IpcEndpoint Start(IpcListener listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        IpcEndpoint endpoint = listener.Endpoint;
        IpcEndpoint.ThrowIfDefault(endpoint, nameof(listener));
        return Serve(new GuardedListener(listener, endpoint, _listenerSettings));
    }

    /// <summary>Starts to listen on an endpoint, like <see cref="Start(IpcEndpoint)"/>, without blocking the thread while it waits.</summary>
    /// <param name="endpoint">The endpoint. <c>[::]</c> means all addresses of the machine, <c>localhost</c> both loopback addresses.</param>
    /// <param name="cancellationToken">A token that ends the wait; the host then does not listen on the endpoint.</param>
    /// <returns>A task that completes when the host listens, with the endpoint that <see cref="Start(IpcEndpoint)"/> returns.</returns>
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
        _clients.Dispose();
        await EndAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _relay?.Dispose();
        Imports.Dispose();
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
        Debug.Assert(!_isStopping || _stopping is not null, "A host stops because it was told to.");
    }

    private static InvalidOperationException HasStopped(Exception? exception = null) => new("The host has been stopped. Create a new one.", exception);

    private async Task<IpcEndpoint> StartCoreAsync(IpcEndpoint endpoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfStopping();
        TransportListener listener;
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
    internal IpcEndpoint Serve(TransportListener listener)
    {
        // The listener ends with the host.
        var server = ServerAddress.Of(listener.Endpoint);
        _ = listener.Accepted.Connect(transport => _clients.OnAccepted(transport, server));
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

        _clients.Observe(server);
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
        TransportListener[] listeners;
        ITimer? idleTimer;
        lock (_lock)
        {
            AssertInvariants();
            _isStopping = true;
            listeners = [.. _listeners];
            idleTimer = _idleTimer;
        }

        HostConnection[] connections = _clients.RefuseNew();
        CloseAll([_stopRequested.Cancel, _clients.StopChecking, () => idleTimer?.Dispose(), .. listeners.Select(listener => (Action)listener.Dispose)]);
        _ = TellServicesAsync();
        Task drained = Task.WhenAll(connections.Select(connection => connection.DrainAsync()));
        await drained.WaitAsync(_options.GracePeriod, _options.Time, _impatience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        Array.ForEach(connections, connection => connection.Close(HostClients.Stopped));

        // A method that blocks occupies its thread, but must not delay the end of its client or the host.
        Array.ForEach(connections, connection => connection.EndIfDelivering());
        await _clients.WhenGoneAsync().ConfigureAwait(false);
        HostMetrics.Remove(_clients);
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
        return _options.Time.CreateTimer(_ => _clients.CloseIdle(IdleSteps), null, period, period);
    }
}
