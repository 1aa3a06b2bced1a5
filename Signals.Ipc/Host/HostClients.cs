using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Connections;
using Signals.Ipc.Guards;
using Signals.Ipc.Telemetry;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Host;

/// <summary>The clients of a host: admits them, within the limits, and reports that they have connected and disconnected. All members are thread-safe.</summary>
internal sealed class HostClients : IDisposable
{
    /// <summary>The reason for which a stopping host disconnects its clients.</summary>
    internal static readonly DisconnectReason Stopped = new(DisconnectCause.ClosedLocally, "The host has stopped.");

    private readonly IpcHostOptions _options;
    private readonly ServiceTable _services;
    private readonly IpcConnectionSettings _settings;
    private readonly LimitedLogger _log;
    private readonly ConnectionEvaluator _evaluator;
    private readonly IpcHost _host;
    private readonly CancellationToken _hostStopping;
    private readonly RequestBudget _budget;
    private readonly ClientCheck _check;

    /// <summary>Guards all fields below, unless noted otherwise.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<long, HostConnection> _connections = [];

    /// <summary>Completed when the host is stopping and its last client has disconnected.</summary>
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The number of clients, including those that are being authorized.</summary>
    private int _admitted;

    private long _lastClientId;

    /// <summary>The endpoints of the host, with the numbers of dropped frames of their clients that have disconnected.</summary>
    private readonly Dictionary<ServerAddress, long> _droppedFrames = [];

    /// <summary>A value that indicates whether the host is stopping, so that no client is admitted.</summary>
    private bool _isStopping;

    /// <summary>The number of clients that were refused. Not guarded by the lock.</summary>
    private long _refused;

    internal HostClients(
        IpcHostOptions options,
        ServiceTable services,
        IpcConnectionSettings settings,
        LimitedLogger log,
        ConnectionEvaluator evaluator,
        IpcHost host,
        CancellationToken hostStopping
    )
    {
        _options = options;
        _services = services;
        _settings = settings;
        _log = log;
        _evaluator = evaluator;
        _host = host;
        _hostStopping = hostStopping;
        _budget = new RequestBudget(options.MaxTotalRequestBytes);
        _check = new ClientCheck(options, log);
        Connected = new RelayedSignal<ClientInfo>(evaluator);
        Disconnected = new RelayedSignal<ClientInfo, DisconnectReason>(evaluator);
    }

    /// <summary>Gets the signal that is emitted on the host's evaluator when a client has connected.</summary>
    internal RelayedSignal<ClientInfo> Connected { get; }

    /// <summary>Gets the signal that is emitted on the host's evaluator when a client has disconnected.</summary>
    internal RelayedSignal<ClientInfo, DisconnectReason> Disconnected { get; }

    /// <summary>Gets the number of connected clients.</summary>
    internal int Count => Snapshot().Length;

    /// <summary>Gets the number of clients whose requests are not read at present.</summary>
    internal int PausedCount => Snapshot().Count(static connection => connection.IsReadingPaused);

    /// <summary>Gets the number of active calls of all clients.</summary>
    internal int ActiveCalls => Snapshot().Sum(static connection => connection.ActiveCalls);

    /// <summary>Gets the number of clients that were refused.</summary>
    internal long RefusedCount => Interlocked.Read(ref _refused);

    /// <summary>Gets the number of frames of all clients that were dropped.</summary>
    internal long DroppedFrameCount
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _droppedFrames.Values.Sum() + _connections.Values.Sum(static connection => connection.DroppedFrameCount);
            }
        }
    }

    /// <summary>Has the clients of an endpoint measured, unless the host is stopping.</summary>
    internal void Observe(ServerAddress server)
    {
        lock (_lock)
        {
            AssertInvariants();
            _droppedFrames.TryAdd(server, 0);
        }

        // Not inside the lock, so the host may have stopped meanwhile, and may not have found itself there.
        HostMetrics.Add(this);
        bool isStopping;
        lock (_lock)
        {
            AssertInvariants();
            isStopping = _isStopping;
        }

        if (isStopping)
        {
            HostMetrics.Remove(this);
        }
    }

    /// <summary>Returns the sums over the clients of each endpoint.</summary>
    internal Dictionary<ServerAddress, EndpointCounts> CountByEndpoint()
    {
        lock (_lock)
        {
            AssertInvariants();
            var counts = _droppedFrames.ToDictionary(static ended => ended.Key, static ended => new EndpointCounts { DroppedFrames = ended.Value });
            foreach (HostConnection connection in _connections.Values)
            {
                EndpointCounts sum = counts.GetValueOrDefault(connection.Server!);
                sum.Add(connection.Counts);
                counts[connection.Server!] = sum;
            }

            return counts;
        }
    }

    /// <summary>Returns the connection of a client, or null if it is not connected.</summary>
    internal HostConnection? Find(long clientId)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _connections.GetValueOrDefault(clientId);
        }
    }

    /// <summary>Tells the clients that a service has been exposed.</summary>
    internal void TellExposed(string service)
    {
        HostConnection[] connections = Snapshot();
        if (connections.Length != 0)
        {
            byte[] exposed = ControlService.ExposedEvent(service);
            Array.ForEach(connections, connection => connection.TellExposed(exposed));
        }
    }

    /// <summary>Refuses further clients, because the host is stopping, and returns those that are connected.</summary>
    internal HostConnection[] RefuseNew()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isStopping = true;
            CompleteGone();
            return [.. _connections.Values];
        }
    }

    /// <summary>Ends the authorization of clients.</summary>
    internal void StopChecking() => _check.Dispose();

    /// <summary>Completes when the host is stopping and its last client has disconnected.</summary>
    internal Task WhenGoneAsync() => _gone.Task;

    /// <summary>Ends the signals, including queued emissions.</summary>
    public void Dispose()
    {
        Connected.Dispose();
        Disconnected.Dispose();
    }

    /// <summary>Disconnects the clients that have been idle for a number of steps. Called once in every step.</summary>
    internal void CloseIdle(int steps)
    {
        HostConnection[] connections;
        lock (_lock)
        {
            AssertInvariants();
            connections = [.. _connections.Values];
        }

        foreach (HostConnection connection in connections.Where(connection => connection.CountIdleStep() >= steps))
        {
            connection.Close(new DisconnectReason(DisconnectCause.IdleTimeout, $"The client sent no request for {_options.IdleTimeout}."));
        }
    }

    /// <summary>Handles an accepted client. Runs on the listener's thread, so the rest is queued: one client must not delay the next one.</summary>
    internal void OnAccepted(IpcTransport transport, ServerAddress server)
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

        ThreadPool.UnsafeQueueUserWorkItem(_ => _ = AdmitAsync(transport, server, id), null);
    }

    private async Task AdmitAsync(IpcTransport transport, ServerAddress server, long id)
    {
        ClientInfo client;
        try
        {
            client = await _check.IdentifyAsync(transport, id).ConfigureAwait(false);
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

        var connection = new HostConnection(
            client,
            transport.AcceptsClaimedIdentity && !client.IsVerified,
            _services,
            _budget,
            _options,
            _settings,
            _hostStopping
        )
        {
            Server = server,
            Clients = this,
            Exports = _host.Exports,
            MergedImports = _host.Imports,
            Evaluator = _evaluator,
            DescribesItself = _options.DescribesItself ?? transport.IsLocal,
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
        Raise(client, () => Connected.Emit(client));
        if (!connection.Start(transport))
        {
            OnDisconnected(connection, Stopped);
        }
    }

    private void Refuse(IpcTransport transport, long id, LogLevel level, string reason, Exception? exception = null)
    {
        // Before the client can notice that it is refused.
        Interlocked.Increment(ref _refused);
        HostLog.ClientRefused(_log, level, exception, id, reason);
        transport.Dispose();
    }

    private void OnDisconnected(HostConnection connection, DisconnectReason reason)
    {
        // Before the client is removed: a caller that waits for its removal has then seen all of its events.
        Raise(connection.Client, () => Disconnected.Emit(connection.Client, reason));
        lock (_lock)
        {
            AssertInvariants();
            _connections.Remove(connection.Client.Id);
            _droppedFrames[connection.Server!] = _droppedFrames.GetValueOrDefault(connection.Server!) + connection.DroppedFrameCount;
            CompleteGone();
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

    /// <summary>Completes <see cref="_gone"/> if the last client of a stopping host has disconnected. Called inside the lock.</summary>
    private void CompleteGone()
    {
        if (_isStopping && _connections.Count == 0)
        {
            _gone.TrySetResult();
        }
    }

    /// <summary>Returns the connections of all clients.</summary>
    internal HostConnection[] Snapshot()
    {
        lock (_lock)
        {
            AssertInvariants();
            return [.. _connections.Values];
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_admitted >= 0, "Each place is freed once.");
        Debug.Assert(_lastClientId >= _connections.Count, "Each client has an id of its own.");
        Debug.Assert(
            !_gone.Task.IsCompleted || (_isStopping && _connections.Count == 0),
            "A host without clients that is stopping gets no further client."
        );
    }
}
