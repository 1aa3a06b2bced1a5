using System.Diagnostics;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>A client's connection to a host: reads its requests, passes them to the services and sends the replies.</summary>
internal sealed class HostConnection : IpcConnection, IServiceCaller
{
    /// <summary>The reason for which a stopping host refuses calls.</summary>
    internal const string Stopping = "The host is stopping.";

    /// <summary>The maximum number of bytes that the text of a status takes in a frame besides itself: its tag and length, and longer lengths around it.</summary>
    private const int StatusMessageOverhead = 16;

    /// <summary>The interval at which a paused client is checked for being connected.</summary>
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(1);

    /// <summary>The connections of all clients of the hosts of this process.</summary>
    private static readonly SpinGroup Group = new();

    private readonly IpcHostOptions _options;
    private readonly ServiceTable _services;
    private readonly RequestBudget _budget;

    /// <summary>Indicates whether an identity that the client claims is accepted. If not, the transport knows it.</summary>
    private readonly bool _acceptsClaimedIdentity;

    private readonly CancellationToken _hostStopping;

    /// <summary>The object that observes the calls, or null if the host has no interceptors and does not log calls.</summary>
    private readonly CallObserver? _observer;

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Guards <see cref="_room"/> and <see cref="_probe"/>, and pausing, so that reading is not resumed for a reason that arose before it was paused.
    /// </summary>
    private readonly Lock _lock = new();

    /// <summary>
    /// The common part of the contexts of the calls of each method, by service and method. Used only by the receive loop.
    /// </summary>
    private MethodContext?[]?[] _methods = [];

    /// <summary>
    /// The calls that can be canceled, by request id: the pending ones, and those whose running method has requested its token. Guarded by
    /// <see cref="_lock"/>.
    /// </summary>
    private readonly Dictionary<ulong, CallContext> _held = [];

    /// <summary>
    /// The calls that can only be canceled when the client disconnects, because it has used their request ids twice. Null until it does. Guarded by
    /// <see cref="_lock"/>.
    /// </summary>
    private List<CallContext>? _duplicates;

    /// <summary>A value that indicates whether the client has disconnected, so that calls are canceled at once. Guarded by <see cref="_lock"/>.</summary>
    private bool _isGone;

    /// <summary>A value that indicates whether the client has bound the control service, so that it knows the extensions.</summary>
    private volatile bool _hasControl;

    /// <summary>The request id under which the client watches the host's events, or zero.</summary>
    private ulong _watchId;

    /// <summary>One when a client that watches the host has been told that it is stopping.</summary>
    private int _isStoppingTold;

    /// <summary>A value that indicates whether the client has replied to a ping, so that its silence means that it hangs.</summary>
    private volatile bool _knowsPings;

    /// <summary>Completed when the client accepts replies again; null while no stream waits for that.</summary>
    private TaskCompletionSource<bool>? _room;

    /// <summary>Checks that a paused client is still connected, on systems that do not report it.</summary>
    private ITimer? _probe;

    /// <summary>The memory of the requests of the pending calls, in bytes.</summary>
    private long _requestBytes;

    private ClientInfo _client;
    private bool _hasClaimedIdentity;

    /// <summary>The number of calls whose methods have returned, or are manual, and whose last reply is outstanding.</summary>
    private int _pendingCalls;

    /// <summary>
    /// The state of a call that <see cref="_pendingCalls"/> does not count. Written only by the receive loop, so that a call that is
    /// answered synchronously needs no interlocked operation.
    /// </summary>
    private volatile InvocationState _invocation;

    /// <summary>The context of the call whose method is running. Written only by the receive loop, read while another thread takes its place.</summary>
    private CallContext? _running;

    /// <summary>
    /// The calls that wait for a method that blocks, or null if none does that calls must not overtake. Written inside <see cref="_lock"/>.
    /// </summary>
    private CallBacklog? _backlog;

    /// <summary>Indicates whether a frame has arrived, or a call has ended, since the last idle step.</summary>
    private bool _wasActive = true;

    private int _idleSteps;

    /// <summary>Indicates whether new calls are refused.</summary>
    private volatile bool _isStopping;

    /// <summary>Indicates whether draining may complete: every call that was not refused is visible to all threads.</summary>
    private volatile bool _isDraining;

    internal HostConnection(
        ClientInfo client,
        bool acceptsClaimedIdentity,
        ServiceTable services,
        RequestBudget budget,
        IpcHostOptions options,
        IpcConnectionSettings settings,
        CancellationToken hostStopping
    )
        : base(settings, Group, $"Client {client.Id}")
    {
        _hostStopping = hostStopping;
        _budget = budget;
        _client = client;
        _acceptsClaimedIdentity = acceptsClaimedIdentity;
        _services = services;
        _options = options;
        _observer = CallObserver.Of(options);
    }

    /// <summary>Gets the identity of the client, as far as it is known.</summary>
    internal ClientInfo Client => Volatile.Read(ref _client);

    /// <summary>Gets the number of active calls, from the first instruction of their methods to their last reply. Never too low.</summary>
    internal int ActiveCalls
    {
        get
        {
            // The order matters: a call is added to the second count before it leaves the first one.
            int running = _invocation == InvocationState.Running ? 1 : 0;
            return running + Volatile.Read(ref _pendingCalls);
        }
    }

    /// <summary>Gets a value that indicates whether a call is active, or its last reply has not been passed to the sender.</summary>
    private bool HasCalls => _invocation != InvocationState.None || Volatile.Read(ref _pendingCalls) != 0;

    public CallerState State
    {
        get
        {
            if (IsClosed)
            {
                return CallerState.Gone;
            }

            // Streams wait earlier than reading is paused, so that they alone do not keep the client's cancellations from being read.
            return Sender.UnsentBytes > _options.MaxUnsentBytes / 2 ? CallerState.Full : CallerState.Ready;
        }
    }

    private bool IsFull => Sender.UnsentBytes > _options.MaxUnsentBytes;

    private bool MustPause => ActiveCalls >= CallLimit || IsFull || HasLargeRequests;

    /// <summary>
    /// Gets the number of active calls at which reading is paused. A client that knows the limit observes it, but counts a canceled call no longer while
    /// its method is still ending.
    /// </summary>
    private long CallLimit => _hasControl ? 2L * _options.MaxConcurrentCalls : _options.MaxConcurrentCalls;

    /// <summary>
    /// Gets a value that indicates whether the client's pending requests use all of the memory that they may. Always false for a client without a
    /// pending request, so that it can always send one.
    /// </summary>
    private bool HasLargeRequests
    {
        get
        {
            long bytes = Volatile.Read(ref _requestBytes);
            return bytes != 0 && (bytes >= _options.MaxRequestBytes || _budget.IsOverShare(bytes));
        }
    }

    /// <summary>Called once in every idle step. Returns the number of consecutive steps without activity of the client.</summary>
    internal int CountIdleStep()
    {
        // The order matters: a call that ends marks the client as active before it is no longer counted.
        bool hasCalls = HasCalls;
        bool wasActive = Interlocked.Exchange(ref _wasActive, false);
        _idleSteps = hasCalls || wasActive ? 0 : _idleSteps + 1;
        return _idleSteps;
    }

    /// <summary>
    /// Refuses further calls. Completes when the active ones have ended and their replies have been sent, or the client has disconnected.
    /// </summary>
    internal Task DrainAsync()
    {
        _isStopping = true;
        TellStopping();

        // Either this thread sees that no call is left, or the thread that ends the last call sees the line above, without a barrier of its own.
        Interlocked.MemoryBarrierProcessWide();

        // Not earlier: a thread that completes the draining must see each call that has not seen _isStopping.
        _isDraining = true;
        Interlocked.MemoryBarrierProcessWide();
        CompleteDrained();
        return _drained.Task;
    }

    /// <summary>Tells a client that watches the host that a service has been exposed.</summary>
    internal void TellExposed(byte[] exposedEvent)
    {
        // Pairs with Watch: either this thread sees that the client watches, or the client's next binding finds the service.
        Interlocked.MemoryBarrier();
        try
        {
            TryTell(exposedEvent);
        }
        catch (IpcException)
        {
            // The name does not fit into a frame, so no client can bind the service.
        }
    }

    /// <inheritdoc/>
    internal override bool TryPing(TimeSpan interval) => _knowsPings && TryTell(ControlService.PingEvent(interval));

    public int MaxFrameSize => _options.MaxFrameSize;

    public void Reply(ulong requestId, bool hasMore, ReadOnlySpan<byte> reply) =>
        Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore, reply), TimingOf(hasMore));

    public void End(ulong requestId) => Sender.Send(new InvokeMethodReplyFrame(requestId, success: true), TimingOf(hasMore: false));

    public void Fail(ulong requestId, CallStatus status)
    {
        if (!_hasControl)
        {
            Sender.Send(new InvokeMethodReplyFrame(requestId, success: false), TimingOf(hasMore: false));
            return;
        }

        var frame = new InvokeMethodReplyFrame(requestId, success: false) { StatusCode = (uint)status.Code };
        byte[] message = status.EncodeMessage(room: MaxFrameSize - frame.CalculateSize() - StatusMessageOverhead);
        Sender.Send(
            new InvokeMethodReplyFrame(requestId, success: false) { StatusCode = (uint)status.Code, StatusMessage = message },
            TimingOf(hasMore: false)
        );
    }

    UserCodeSection IServiceCaller.EnterUserCode() => EnterUserCode();

    public TimeProvider Time => _options.Time;

    public CancellationToken HostStopping => _hostStopping;

    public bool IncludesExceptionDetails => _options.IncludeExceptionDetails;

    public async ValueTask<bool> WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Task<bool> room;
        lock (_lock)
        {
            AssertInvariants();
            if (State != CallerState.Full)
            {
                return !IsClosed;
            }

            _room ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _room.Task;
        }

        // A send that completed between the check and the creation of the task source has not completed it.
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

    public void BeginCall(CallContext context)
    {
        Interlocked.Increment(ref _pendingCalls);
        context.IsPending = true;
        Hold(context);
        if (IsReadingThread)
        {
            _invocation = InvocationState.None;
        }
    }

    public void Hold(CallContext context)
    {
        bool isGone;
        lock (_lock)
        {
            AssertInvariants();
            isGone = _isGone;
            if (!isGone && !context.IsHeld)
            {
                context.IsHeld = true;
                if (!_held.TryAdd(context.RequestId, context))
                {
                    (_duplicates ??= []).Add(context);
                }
            }
        }

        if (isGone)
        {
            context.Cancel();
            return;
        }

        // Pairs with Invoke: either this thread sees that the method has ended, or that thread sees that the call is held.
        Interlocked.MemoryBarrier();
        if (context.HasReturned)
        {
            Release(context);
        }
    }

    public void EndInvocation()
    {
        if (IsReadingThread && _invocation == InvocationState.Running)
        {
            _invocation = InvocationState.Replying;
        }
    }

    public void EndCall(CallContext context)
    {
        Release(context);
        context.End();
        EndCounting();
    }

    public void ReportCancellationFailure(Exception exception) => HostLog.CancellationThrew(Log, exception, _client.Id);

    public void ReportFailure(ServiceMethod method, Exception reason)
    {
        if (reason is IpcStatusException status)
        {
            HostLog.CallFailedWithStatus(Log, reason, _client.Id, method.FullName, status.StatusCode);
        }
        else
        {
            HostLog.CallFailed(Log, reason, _client.Id, method.FullName);
        }
    }

    internal override void OnSent()
    {
        AnnounceRoom();
        ResumeIfPossible();
        CompleteDrained();
    }

    protected override void OnFrame(in Frame frame)
    {
        if (_hasControl && frame.Kind == FrameKind.InvokeMethod && frame.Invoke.ServiceId == ControlService.Id)
        {
            Control(frame.RequestId, frame.Invoke);
            if (IsFull)
            {
                Pause();
            }

            return;
        }

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
                Send(
                    new IPCFrame
                    {
                        RequestId = frame.RequestId,
                        MsgRequestError = new IPCFrame.Types.RequestError { Error = "unknown request" },
                    }
                );
                HostLog.RequestRefused(Log, _client.Id, frame.RequestId, "The frame is not a request.");
                break;
        }

        if (MustPause)
        {
            Pause();
        }
    }

    /// <summary>Counts the running call apart from those of the next receive loop.</summary>
    protected override void OnRelieved()
    {
        CallContext running = _running!;
        if (_invocation == InvocationState.Running)
        {
            running.IsBlocking = true;
            Interlocked.Increment(ref _pendingCalls);
            _invocation = InvocationState.None;
        }

        if (_options.SerializeCalls || !running.WantsReply)
        {
            running.HasBacklog = true;
            lock (_lock)
            {
                AssertInvariants();
                _backlog = new CallBacklog();
            }
        }
    }

    protected override void OnClosing()
    {
        lock (_lock)
        {
            AssertInvariants();
            _backlog?.End();
        }
    }

    /// <summary>Completes when the calls that the client made before it closed the connection have been started.</summary>
    protected override Task WhenHandledAsync()
    {
        lock (_lock)
        {
            AssertInvariants();
            return _backlog is { IsEmpty: false } ? _backlog.Ended : Task.CompletedTask;
        }
    }

    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        _budget.Forget(this);
        ITimer? probe;
        CallContext[] held;
        lock (_lock)
        {
            AssertInvariants();
            _room?.TrySetResult(false);
            _room = null;
            probe = _probe;
            _probe = null;
            _isGone = true;
            held = [.. _held.Values, .. _duplicates ?? []];
            _held.Clear();
            _duplicates = null;
        }

        probe?.Dispose();
        _drained.TrySetResult();
        Array.ForEach(held, static context => context.Cancel());
    }

    /// <summary>Stops holding a call, which has ended.</summary>
    private void Release(CallContext context)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_held.TryGetValue(context.RequestId, out CallContext? held) && held == context)
            {
                _held.Remove(context.RequestId);
            }
            else
            {
                _duplicates?.Remove(context);
            }
        }
    }

    /// <summary>
    /// Returns when to send a reply: one of many is sent together with the others, one that the client waits for alone is sent now.
    /// </summary>
    private SendTiming TimingOf(bool hasMore) => hasMore || ActiveCalls > 1 ? SendTiming.Soon : SendTiming.Now;

    private void Send(IPCFrame frame) => Sender.Send(new MessageFrame(frame), SendTiming.Now);

    private void Bind(ulong requestId, string serviceName)
    {
        if (serviceName == ControlService.Name)
        {
            _hasControl = true;
            Send(new IPCFrame { RequestId = requestId, MsgBindServiceReply = ControlService.CreateBindReply(_options.MaxConcurrentCalls) });
            return;
        }

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
                // The names of the methods do not fit into a frame.
                refusal = exception.Message;
            }
        }

        HostLog.RequestRefused(Log, _client.Id, requestId, refusal);
        Send(
            new IPCFrame
            {
                RequestId = requestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false, Control = true },
            }
        );
    }

    private void Invoke(ulong requestId, in InvokeMethodBody invoke)
    {
        // Before _isStopping is read: either this thread sees that the host is stopping, or DrainAsync sees this call.
        _invocation = InvocationState.Running;
        try
        {
            InvokeCounted(requestId, invoke);
        }
        finally
        {
            Volatile.Write(ref _wasActive, true);
            if (IsReadingThread)
            {
                _invocation = InvocationState.None;
                CompleteDrained();
            }
        }
    }

    private void InvokeCounted(ulong requestId, in InvokeMethodBody invoke)
    {
        int index = -1;
        bool hasService = _services.TryFind(invoke.ServiceId, out ExposedService? service);
        MethodHandler? handler = hasService ? service!.Find(invoke.MethodId, out index) : null;
        if (handler is null || _isStopping)
        {
            Refuse(requestId, invoke, hasService);
            return;
        }

        CallExtensions? extensions = invoke.ExtendedFields.IsEmpty ? null : CallExtensions.Read(invoke.ExtendedFields);
        MethodContext method = MethodContextOf(service!, index);
        CallContext context = method.Take(requestId, wantsReply: !invoke.DropReply, extensions);
        if (Volatile.Read(ref _backlog) is not null && TryQueue(handler, context, invoke.Arguments))
        {
            return;
        }

        _running = context;
        Run(handler, context, invoke.Arguments);
        if (IsReadingThread)
        {
            if (!context.IsPending)
            {
                method.Return(context);
            }
        }
        else
        {
            EndBlocking(context);
        }
    }

    private void Run(MethodHandler handler, CallContext context, ReadOnlySpan<byte> arguments)
    {
        handler.Invoke(new IncomingCall(this, context), arguments);
        if (!context.IsPending)
        {
            // The method may have passed the context on to another thread.
            context.HasReturned = true;
            Interlocked.MemoryBarrier();
            if (context.IsHeld)
            {
                Release(context);
                context.End();
            }
        }
    }

    /// <summary>Ends the handling of a call whose method has blocked the receive loop, so that this thread is no longer that of the loop.</summary>
    private void EndBlocking(CallContext context)
    {
        if (context.IsBlocking)
        {
            EndCounting();
        }

        if (context.HasBacklog)
        {
            RunBacklog();
        }
    }

    private void EndCounting()
    {
        // The idle time begins now, not with the last request.
        Volatile.Write(ref _wasActive, true);
        Interlocked.Decrement(ref _pendingCalls);
        ResumeIfPossible();
        CompleteDrained();
    }

    /// <summary>Queues a call that must not overtake a method that blocks. Returns false if it may be handled now.</summary>
    private bool TryQueue(MethodHandler handler, CallContext context, ReadOnlySpan<byte> arguments)
    {
        if (context.WantsReply && !_options.SerializeCalls)
        {
            return false;
        }

        var call = new BackloggedCall(handler, context, arguments.ToArray());
        HoldRequest(call.Bytes);
        Interlocked.Increment(ref _pendingCalls);
        lock (_lock)
        {
            AssertInvariants();
            if (_backlog is not null)
            {
                _backlog.Add(call);
                return true;
            }
        }

        End(call);
        return false;
    }

    /// <summary>Runs the methods that have waited for one that has blocked this thread.</summary>
    private void RunBacklog()
    {
        while (true)
        {
            BackloggedCall? call;
            lock (_lock)
            {
                AssertInvariants();
                if (!_backlog!.TryTake(out call))
                {
                    _backlog.End();
                    _backlog = null;
                    return;
                }
            }

            if (!IsClosed)
            {
                Run(call.Handler, call.Context, call.Arguments);
            }

            End(call);
        }
    }

    private void End(BackloggedCall call)
    {
        ReleaseRequest(call.Bytes);
        EndCounting();
    }

    private void Refuse(ulong requestId, in InvokeMethodBody invoke, bool hasService)
    {
        CallStatus status =
            _isStopping ? new CallStatus(IpcStatusCode.Unavailable, Stopping)
            : hasService ? new CallStatus(IpcStatusCode.Unimplemented, "There is no such method.")
            : new CallStatus(IpcStatusCode.Unimplemented, "There is no such service.");
        HostLog.RequestRefused(Log, _client.Id, requestId, status.Message);
        if (!invoke.DropReply)
        {
            Fail(requestId, status);
        }
    }

    private MethodContext MethodContextOf(ExposedService service, int index)
    {
        uint position = service.Id - 1;
        if (position >= (uint)_methods.Length)
        {
            Array.Resize(ref _methods, (int)service.Id);
        }

        MethodContext?[] methods = _methods[position] ??= new MethodContext?[service.Table.Methods.Count];
        ServiceMethod method = service.Table.Methods[index];
        return methods[index] ??= new MethodContext(_client, method.Name, this, method, _observer);
    }

    /// <summary>Carries out a call of the control service. An odd one is ignored.</summary>
    private void Control(ulong requestId, in InvokeMethodBody invoke)
    {
        switch (invoke.MethodId)
        {
            case ControlService.Cancel:
                foreach (ulong cancelled in ControlService.ReadCancelled(invoke.Arguments))
                {
                    CancelCall(cancelled);
                }

                break;
            case ControlService.Watch:
                Volatile.Write(ref _watchId, requestId);
                Interlocked.MemoryBarrier();
                if (_isStopping)
                {
                    TellStopping();
                }

                KeepAlive.Announce(interval => TryTell(ControlService.PingEvent(interval)));
                break;
            case ControlService.Pong:
                _knowsPings = true;
                break;
            case ControlService.Ping when !invoke.DropReply:
                KeepAlive.OnAnnounced(ControlService.ReadInterval(invoke.Arguments));
                Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore: false, reply: default), SendTiming.Now);
                break;
            default:
                if (!invoke.DropReply)
                {
                    Fail(requestId, new CallStatus(IpcStatusCode.Unimplemented, "There is no such method."));
                }

                break;
        }
    }

    /// <summary>Tells a client that watches the host that it is stopping, once.</summary>
    private void TellStopping()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _watchId) != 0 && Interlocked.Exchange(ref _isStoppingTold, 1) == 0)
        {
            TryTell(ControlService.StoppingEvent);
        }
    }

    /// <summary>Sends an event to the client. Returns false if the client does not watch the host.</summary>
    private bool TryTell(ReadOnlySpan<byte> hostEvent)
    {
        ulong watchId = Volatile.Read(ref _watchId);
        if (watchId == 0)
        {
            return false;
        }

        Sender.Send(new InvokeMethodReplyFrame(watchId, success: true, hasMore: true, hostEvent), SendTiming.Now);
        return true;
    }

    private void CancelCall(ulong requestId)
    {
        CallContext? context;
        BackloggedCall? waiting;
        lock (_lock)
        {
            AssertInvariants();
            _held.Remove(requestId, out context);
            waiting = _backlog?.Remove(requestId);
        }

        context?.Cancel();
        if (waiting is not null)
        {
            End(waiting);
        }
    }

    /// <summary>Accepts the identity that the client claims, once, if the kernel does not know it.</summary>
    private void AcceptIdentity(IPCFrame.Types.SetPeerIdentity identity)
    {
        if (!_acceptsClaimedIdentity || _hasClaimedIdentity)
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
        _methods = [];
    }

    private void Pause()
    {
        bool begins;
        lock (_lock)
        {
            AssertInvariants();
            begins = !IsReadingPaused;
            PauseReading();
            begins &= IsReadingPaused;
        }

        if (begins)
        {
            HostLog.ReadingPaused(Log, _client.Id, ReachedLimit());
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

        // The reason for the pause may have ended before other threads could see that reading is paused.
        ResumeIfPossible();
    }

    /// <summary>Returns a text that names the limit for which reading is paused.</summary>
    private string ReachedLimit() =>
        ActiveCalls >= CallLimit ? $"{nameof(IpcHostOptions.MaxConcurrentCalls)} ({_options.MaxConcurrentCalls}) are active"
        : IsFull ? $"{nameof(IpcHostOptions.MaxUnsentBytes)} ({_options.MaxUnsentBytes}) wait for the client to read them"
        : $"its pending requests take {nameof(IpcHostOptions.MaxRequestBytes)} ({_options.MaxRequestBytes}), or all clients' {nameof(IpcHostOptions.MaxTotalRequestBytes)}";

    /// <summary>
    /// Starts to check that a paused client is connected, where only sending can show it: its calls may end only when it disconnects.
    /// </summary>
    private void StartProbing()
    {
        if (CanDetectHangup)
        {
            return;
        }

        // Outside the lock: the time provider is user code.
        ITimer probe = _options.Time.CreateTimer(static state => ((HostConnection)state!).Probe(), this, ProbePeriod, ProbePeriod);
        ITimer? superfluous = probe;
        lock (_lock)
        {
            AssertInvariants();
            if (!IsClosed && IsReadingPaused)
            {
                (superfluous, _probe) = (_probe, probe);
            }
        }

        superfluous?.Dispose();
    }

    private void Probe()
    {
        // Pending bytes detect a disconnected client by themselves.
        if (Sender.UnsentBytes == 0)
        {
            Sender.Send(new EmptyFrame(), SendTiming.Now);
        }
    }

    /// <summary>Resumes reading if no reason to pause remains.</summary>
    internal void ResumeIfPossible()
    {
        if (!IsReadingPaused)
        {
            return;
        }

        ITimer? probe;
        lock (_lock)
        {
            AssertInvariants();
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
        // Only when there is enough room to make the next send worthwhile.
        if (Volatile.Read(ref _room) is null || Sender.UnsentBytes > _options.MaxUnsentBytes / 4)
        {
            return;
        }

        TaskCompletionSource<bool>? room;
        lock (_lock)
        {
            AssertInvariants();
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

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isGone || (_held.Count == 0 && _duplicates is null), "A client that has disconnected holds no call.");
        Debug.Assert(!_isGone || (_room is null && _probe is null), "A client that has disconnected has no room, and is not probed.");
    }
}
