using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>A client of a host: reads its requests, hands them to the services and sends the answers.</summary>
internal sealed class HostConnection : IpcConnection, IServiceCaller
{
    /// <summary>How often a client that is not being read is asked whether it is still there.</summary>
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    private readonly IpcHostOptions _options;
    private readonly ServiceTable _services;
    private readonly RequestBudget _budget;

    /// <summary>The kernel knows who the client is, so its own word does not count.</summary>
    private readonly bool _isUnixSocket;

    /// <summary>Cancelled when the client has gone.</summary>
    private readonly CancellationTokenSource _gone = new();

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Guards <see cref="_room"/> and <see cref="_probe"/>, and pausing, so that reading is not resumed for a reason that arose before it was paused.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>
    /// What the calls of each method get to see, by service number and method: with and without a wish for an answer. The calls share them, so
    /// that a call costs no object. Used by the reading thread alone.
    /// </summary>
    private readonly Dictionary<uint, CallContext?[]> _contexts = [];

    /// <summary>Completed when the client takes answers again, or null while nobody waits for that.</summary>
    private TaskCompletionSource<bool>? _room;

    /// <summary>Checks that a client that is not being read is still connected, if the system does not report that.</summary>
    private ITimer? _probe;

    /// <summary>The bytes of memory that the requests of the pending calls take.</summary>
    private long _requestBytes;

    private ClientInfo _client;
    private bool _hasClaimedIdentity;

    /// <summary>The number of calls whose methods have returned, or are manual, and whose last reply is still to come.</summary>
    private int _pendingCalls;

    /// <summary>
    /// The state of a call that <see cref="_pendingCalls"/> does not count. Written by the reading thread alone, so that a call that is answered at
    /// once costs no interlocked operation.
    /// </summary>
    private volatile InvocationState _invocation;

    /// <summary>Indicates whether a frame has arrived, or a call has ended, since idle steps were last counted.</summary>
    private bool _wasActive = true;

    private int _idleSteps;

    /// <summary>Whether new calls are refused.</summary>
    private volatile bool _isStopping;

    /// <summary>Whether the draining may complete: every call is seen that is not refused.</summary>
    private volatile bool _isDraining;

    internal HostConnection(
        ClientInfo client,
        bool isUnixSocket,
        ServiceTable services,
        RequestBudget budget,
        IpcHostOptions options,
        IpcConnectionSettings settings
    )
        : base(settings, $"Client {client.Id}")
    {
        _budget = budget;
        _client = client;
        _isUnixSocket = isUnixSocket;
        _services = services;
        _options = options;
    }

    /// <summary>Who the client is, as far as is known by now.</summary>
    internal ClientInfo Client => Volatile.Read(ref _client);

    /// <summary>The number of active calls, from the first instruction of their methods to their last reply. Never too low.</summary>
    internal int ActiveCalls
    {
        get
        {
            // In this order: a call moves from the first to the second, and only then leaves the first.
            int running = _invocation == InvocationState.Running ? 1 : 0;
            return running + Volatile.Read(ref _pendingCalls);
        }
    }

    /// <summary>Indicates whether a call is active, or its last reply has not been handed to the sender.</summary>
    private bool HasCalls => _invocation != InvocationState.None || Volatile.Read(ref _pendingCalls) != 0;

    public CallerState State
    {
        get
        {
            if (IsClosed)
            {
                return CallerState.Gone;
            }

            return IsFull ? CallerState.Full : CallerState.Ready;
        }
    }

    private bool IsFull => Sender.UnsentBytes > _options.MaxUnsentBytes;

    private bool MustPause => ActiveCalls >= _options.MaxConcurrentCalls || IsFull || HasLargeRequests;

    /// <summary>
    /// Gets whether the client's pending requests take as much memory as they may. Never without one, so a client that has none can always send one.
    /// </summary>
    private bool HasLargeRequests
    {
        get
        {
            long bytes = Volatile.Read(ref _requestBytes);
            return bytes != 0 && (bytes >= _options.MaxRequestBytes || _budget.IsOverShare(bytes));
        }
    }

    /// <summary>Called regularly. Returns how many times in a row nothing had come since the time before.</summary>
    internal int CountIdleStep()
    {
        // In this order: a call that ends marks the client as active before it is no longer counted.
        bool hasCalls = HasCalls;
        bool wasActive = Interlocked.Exchange(ref _wasActive, false);
        _idleSteps = hasCalls || wasActive ? 0 : _idleSteps + 1;
        return _idleSteps;
    }

    /// <summary>Refuses calls from now on. Completes when those under way have been answered and the answers sent, or the client has gone.</summary>
    internal Task DrainAsync()
    {
        _isStopping = true;

        // Either this sees that nothing is left, or the thread that ends the last call sees the line above; that one spares itself a barrier.
        Interlocked.MemoryBarrierProcessWide();

        // Not before: a thread that completes the draining must see each call that has not seen the line above.
        _isDraining = true;
        Interlocked.MemoryBarrierProcessWide();
        CompleteDrained();
        return _drained.Task;
    }

    public int MaxFrameSize => _options.MaxFrameSize;

    public void Reply(ulong requestId, bool hasMore, ReadOnlySpan<byte> reply) =>
        Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore, reply), TimingOf(hasMore));

    public void End(ulong requestId, bool success) => Sender.Send(new InvokeMethodReplyFrame(requestId, success), TimingOf(hasMore: false));

    public async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Task<bool> room;
        lock (_lock)
        {
            if (State != CallerState.Full)
            {
                return !IsClosed;
            }

            _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        // What was sent between the question and the promise has told nobody.
        AnnounceRoom();
        return await room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void HoldRequest(long bytes)
    {
        Interlocked.Add(ref _requestBytes, bytes);
        _budget.Add(bytes);
    }

    public void ReleaseRequest(long bytes)
    {
        Interlocked.Add(ref _requestBytes, -bytes);
        _budget.Release(bytes);
    }

    public void BeginCall()
    {
        Interlocked.Increment(ref _pendingCalls);
        _invocation = InvocationState.None;
    }

    public void EndInvocation()
    {
        if (_invocation == InvocationState.Running)
        {
            _invocation = InvocationState.Replying;
        }
    }

    public void EndCall()
    {
        // The client is idle from now on, not from its last request on.
        Volatile.Write(ref _wasActive, true);
        Interlocked.Decrement(ref _pendingCalls);
        ResumeIfPossible();
        CompleteDrained();
    }

    public void ReportFailure(string methodName, Exception reason) => HostLog.CallFailed(Log, reason, _client.Id, methodName);

    internal override void OnSent()
    {
        AnnounceRoom();
        ResumeIfPossible();
        CompleteDrained();
    }

    protected override void OnFrame(in Frame frame)
    {
        Volatile.Write(ref _wasActive, true);
        switch (frame.Kind)
        {
            case FrameKind.InvokeMethod:
                Invoke(frame.RequestId, frame.Invoke);
                break;
            case FrameKind.BindService:
                Bind(frame.RequestId, frame.Message!.MsgBindService.ServiceName);
                break;
            case FrameKind.SetPeerIdentity:
                AcceptIdentity(frame.Message!.SetPeerIdentity);
                break;
            default:
                Send(new IPCFrame { RequestId = frame.RequestId, MsgRequestError = new IPCFrame.Types.RequestError { Error = "unknown request" } });
                HostLog.RequestRefused(Log, _client.Id, frame.RequestId, "It is no request.");
                break;
        }

        if (MustPause)
        {
            Pause();
        }
    }

    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        _budget.Forget(this);
        ITimer? probe;
        lock (_lock)
        {
            _room?.TrySetResult(false);
            _room = null;
            probe = _probe;
            _probe = null;
        }

        probe?.Dispose();

        _drained.TrySetResult();
        _ = CancelCallsAsync();
    }

    /// <summary>
    /// Cancels the tokens of the client's calls, whose callbacks belong to the services and run on the thread pool, since they may block.
    /// </summary>
    private async Task CancelCallsAsync()
    {
        try
        {
            await _gone.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HostLog.CancellationThrew(Log, exception, _client.Id);
        }
    }

    /// <summary>What is one of many goes out with the others; what somebody waits for goes out now.</summary>
    private SendTiming TimingOf(bool hasMore) => hasMore || ActiveCalls > 1 ? SendTiming.Soon : SendTiming.Now;

    private void Send(IPCFrame frame) => Sender.Send(new MessageFrame(frame), SendTiming.Now);

    private void Bind(ulong requestId, string serviceName)
    {
        string refusal = $"There is no service {PeerText.Clean(serviceName)}.";
        if (_services.TryFind(serviceName, out ExposedService? service))
        {
            try
            {
                Send(new IPCFrame { RequestId = requestId, MsgBindServiceReply = service.BindReply });
                return;
            }
            catch (IpcException exception)
            {
                // So many methods that their names do not fit into a frame.
                refusal = exception.Message;
            }
        }

        HostLog.RequestRefused(Log, _client.Id, requestId, refusal);
        Send(new IPCFrame { RequestId = requestId, MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false } });
    }

    private void Invoke(ulong requestId, in InvokeMethodBody invoke)
    {
        // Before the check for a stopping host: either this code sees that it is stopping, or DrainAsync sees this call.
        _invocation = InvocationState.Running;
        try
        {
            InvokeCounted(requestId, invoke);
        }
        finally
        {
            Volatile.Write(ref _wasActive, true);
            _invocation = InvocationState.None;
            CompleteDrained();
        }
    }

    private void InvokeCounted(ulong requestId, in InvokeMethodBody invoke)
    {
        int index = -1;
        MethodHandler? handler = _services.TryFind(invoke.ServiceId, out ExposedService? service) ? service.Find(invoke.MethodId, out index) : null;
        if (handler is null || _isStopping)
        {
            HostLog.RequestRefused(Log, _client.Id, requestId, _isStopping ? "The host is stopping." : "There is no such method.");
            if (!invoke.DropReply)
            {
                End(requestId, success: false);
            }

            return;
        }

        CallContext context = ContextOf(service!, index, wantsReply: !invoke.DropReply);
        handler.Invoke(new IncomingCall(this, context, requestId), invoke.Arguments);
    }

    private CallContext ContextOf(ExposedService service, int index, bool wantsReply)
    {
        if (!_contexts.TryGetValue(service.Id, out CallContext?[]? contexts))
        {
            contexts = new CallContext?[2 * service.Table.Methods.Count];
            _contexts.Add(service.Id, contexts);
        }

        return contexts[2 * index + (wantsReply ? 1 : 0)] ??= new CallContext(_client, service.Table.Methods[index].Name, wantsReply, _gone.Token);
    }

    /// <summary>Takes the client's word for who it is, once, where the kernel does not know.</summary>
    private void AcceptIdentity(IPCFrame.Types.SetPeerIdentity identity)
    {
        if (_isUnixSocket || _hasClaimedIdentity)
        {
            HostLog.IdentityIgnored(Log, _client.Id);
            return;
        }

        _hasClaimedIdentity = true;
        Volatile.Write(
            ref _client,
            _client with
            {
                ProcessId = identity.HasPid ? identity.Pid : null,
                UserId = identity.HasUid ? (uint)identity.Uid : null,
                MachineName = identity.HasMachineName ? PeerText.Clean(identity.MachineName) : null,
            }
        );
        _contexts.Clear();
    }

    private void Pause()
    {
        lock (_lock)
        {
            PauseReading();
        }

        StartProbing();

        if (IsReadingPaused)
        {
            _budget.Notify(this);
            if (IsClosed)
            {
                _budget.Forget(this);
            }
        }

        // What made it pause may have ended before anybody could know that it has to go on.
        ResumeIfPossible();
    }

    /// <summary>Has a paused client asked for where only sending can find out that it has gone: its calls may wait for just that to end.</summary>
    private void StartProbing()
    {
        if (HangupWatch.IsSupported)
        {
            return;
        }

        // Outside the lock: the time provider is the user's.
        ITimer probe = _options.Time.CreateTimer(static state => ((HostConnection)state!).Probe(), this, ProbePeriod, ProbePeriod);
        ITimer? superfluous = probe;
        lock (_lock)
        {
            if (!IsClosed && IsReadingPaused)
            {
                (superfluous, _probe) = (_probe, probe);
            }
        }

        superfluous?.Dispose();
    }

    private void Probe()
    {
        // While more is waiting to be sent, that finds it out.
        if (Sender.UnsentBytes == 0)
        {
            Sender.Send(new EmptyFrame(), SendTiming.Now);
        }
    }

    /// <summary>Resumes reading if nothing keeps the client paused any more.</summary>
    internal void ResumeIfPossible()
    {
        if (!IsReadingPaused)
        {
            return;
        }

        ITimer? probe;
        lock (_lock)
        {
            if (!IsReadingPaused || MustPause)
            {
                return;
            }

            probe = _probe;
            _probe = null;

            // Before it can be paused again.
            _budget.Forget(this);
            ResumeReading();
        }

        probe?.Dispose();
    }

    private void AnnounceRoom()
    {
        // Not as soon as there is any: who waits should have enough room to make the next send worth while.
        if (Volatile.Read(ref _room) is null || Sender.UnsentBytes > _options.MaxUnsentBytes / 2)
        {
            return;
        }

        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            room = _room;
            _room = null;
        }

        room?.TrySetResult(true);
    }

    private void CompleteDrained()
    {
        if (_isDraining && !HasCalls && Sender.UnsentBytes == 0)
        {
            _drained.TrySetResult();
        }
    }
}
