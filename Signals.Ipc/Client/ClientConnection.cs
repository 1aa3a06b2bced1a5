using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Exchange;
using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Services;
using Signals.Ipc.Threading;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>
/// One connection of a client, with its bindings, its pending calls and its request ids. The next connection is another object, so late
/// events of this one cannot affect it.
/// </summary>
internal sealed class ClientConnection : IpcConnection
{
    /// <summary>The bit that is set in the keys of calls that wait for room in the send buffer. No request id is that large.</summary>
    private const ulong WaitingKeys = 1UL << 63;

    /// <summary>The number of calls that stands for no limit.</summary>
    internal const uint NoCallLimit = 0;

    /// <summary>Time after which a connection counts as useful, even if no call has succeeded.</summary>
    private static readonly TimeSpan UsefulTime = TimeSpan.FromSeconds(10);

    private readonly IpcClient _client;
    private readonly IpcClientOptions _options;

    /// <summary>The time provider, which never throws. The time is read and timers are set outside the lock.</summary>
    private readonly TimeProvider _time;

    private readonly ControlChannel _control;

    /// <summary>The timer of the calls that have a time limit.</summary>
    private readonly DueTimer _timeouts;

    /// <summary>One when it has been logged that the host does not know cancellation.</summary>
    private int _isCancellationLogged;

    /// <summary>The time at which the connection was made, in ticks of the client's time.</summary>
    private long _connectedAt;

    /// <summary>
    /// The request id that was written last. Guarded by the sender's lock, so that the ids on the wire increase by one: a request is assigned its id
    /// when it is certain to be written, in the order of writing.
    /// </summary>
    private ulong _lastRequestId;

    /// <summary>Guards everything below. It is taken inside the sender's lock, so the sender is never called inside this one.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls that wait for a reply, by request id, and those that wait for room, by keys above <see cref="WaitingKeys"/>.</summary>
    private readonly Dictionary<ulong, IPendingCall> _calls = [];

    /// <summary>The number of calls that the host handles at once, or <see cref="NoCallLimit"/>. More calls are held back.</summary>
    private uint _callLimit;

    /// <summary>
    /// The stream that received the most recent reply, or null if it has ended or been removed. The receive loop reads this field without the lock; a
    /// stream that has ended in the meantime ignores its replies. Written inside the lock.
    /// </summary>
    private IPendingCall? _streaming;

    /// <summary>The request id of <see cref="_streaming"/>. Used by the receive loop alone.</summary>
    private ulong _streamingId;

    /// <summary>The bindings without a reply, by their request ids.</summary>
    private readonly Dictionary<ulong, PendingBinding> _bindings = [];

    /// <summary>The bound proxies by the ids of their services.</summary>
    private readonly Dictionary<uint, ServiceProxy> _bound = [];

    /// <summary>The number of the last key that was assigned to a call that waits for room.</summary>
    private ulong _lastWaiting;

    /// <summary>The calls that were made after the sender was closed and before the connection ended.</summary>
    private readonly List<IQueuedFrame> _lateCalls = [];

    /// <summary>The reason for which the connection accepts no more calls, or null while it accepts them.</summary>
    private DisconnectReason? _ended;

    /// <summary>The timer of the time limit for connecting, or null if there is no limit or the attempt has ended.</summary>
    private ITimer? _connectTimer;

    /// <summary>A value that indicates whether a call has succeeded.</summary>
    private bool _hasSucceeded;

    /// <summary>Guards <see cref="_fullStreams"/> and pausing, so that receiving is paused exactly while a stream is full.</summary>
    private readonly Lock _pausing = new();

    /// <summary>The number of streams whose buffers are full.</summary>
    private int _fullStreams;

    internal ClientConnection(IpcClient client, IpcClientOptions options, bool willRetry = false)
        : base(options.ToSettings(willRetry))
    {
        _client = client;
        _options = options;
        _time = options.Time;
        _control = new ControlChannel(this);
        Exchange = new ClientExchange(this, client.Imports, client.Exports);
        _timeouts = new DueTimer(_time, OnTimeout);
    }

    internal IpcClientOptions Options => _options;

    /// <summary>Gets the remote signals.</summary>
    internal ClientExchange Exchange { get; }

    /// <summary>Gets the copies of the requests that wait for room. Used inside the sender's lock.</summary>
    internal KeptRequests KeptRequests { get; } = new();

    /// <summary>Gets a value that indicates whether a frame has been received.</summary>
    internal bool HasReceived { get; private set; }

    /// <summary>
    /// Gets a value that indicates whether the connection was useful: a call succeeded on it, or it lasted for <see cref="UsefulTime"/>. The client
    /// reconnects at once after a useful connection, but not to a host that closes each connection.
    /// </summary>
    internal bool WasUseful
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                if (_hasSucceeded)
                {
                    return true;
                }
            }

            return _time.GetElapsedTime(_connectedAt) >= UsefulTime;
        }
    }

    /// <summary>Gets true: the replies that the host sent before it disconnected are delivered to the callers.</summary>
    protected override bool DrainsAfterHangup => true;

    /// <summary>Gets the number of calls that wait for a reply.</summary>
    internal int PendingCount
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _calls.Count;
            }
        }
    }

    /// <summary>Sets the number of calls that the host handles at once.</summary>
    internal void LimitCalls(uint limit)
    {
        Volatile.Write(ref _callLimit, limit);
        Sender.ReleaseHeldBack();
    }

    /// <inheritdoc/>
    protected override bool AcceptsLimited(int heldBack)
    {
        // The number of calls is read without the lock. It rises only inside the sender's lock, and who lowers it then releases those that are held back.
        uint limit = Volatile.Read(ref _callLimit);
        return limit == NoCallLimit || _calls.Count - heldBack < limit;
    }

    /// <summary>Returns a description of each call that has not ended, oldest first.</summary>
    internal IReadOnlyList<PendingCallInfo> GetPendingCalls()
    {
        lock (_lock)
        {
            AssertInvariants();
            int now = Environment.TickCount;
            return
            [
                .. _calls
                    .OrderByDescending(entry => unchecked((uint)(now - entry.Value.CreatedAt)))
                    .Select(entry => new PendingCallInfo(
                        entry.Value.Method.FullName,
                        TimeSpan.FromMilliseconds(unchecked((uint)(now - entry.Value.CreatedAt))),
                        IsWaitingKey(entry.Key) ? PendingCallState.Queued
                            : entry.Value.HasReplies ? PendingCallState.Streaming
                            : PendingCallState.Sent
                    )),
            ];
        }
    }

    /// <summary>Begins to connect and starts the time limit.</summary>
    internal void Begin(IpcEndpoint endpoint)
    {
        if (_options.ConnectTimeout != Timeout.InfiniteTimeSpan)
        {
            ITimer timer = _time.CreateTimer(
                static state => ((ClientConnection)state!).OnConnectTimeout(),
                this,
                _options.ConnectTimeout,
                Timeout.InfiniteTimeSpan
            );
            bool hasEnded;
            lock (_lock)
            {
                AssertInvariants();
                hasEnded = _ended is not null;
                _connectTimer = hasEnded ? null : timer;
            }

            if (hasEnded)
            {
                timer.Dispose();
            }
        }

        Connect(endpoint);
    }

    /// <summary>Ends the time limit for connecting. Called when the attempt has ended.</summary>
    internal void EndConnecting()
    {
        ITimer? timer;
        lock (_lock)
        {
            AssertInvariants();
            timer = _connectTimer;
            _connectTimer = null;
        }

        timer?.Dispose();
        _connectedAt = _time.GetTimestamp();
    }

    /// <summary>Sends the claimed identity of the client to the host, if the options ask for it.</summary>
    internal void SendIdentity(IpcEndpoint endpoint)
    {
        if (_options.Identity is { } identity && (endpoint.IsTcp || identity.SendOverUnixSockets))
        {
            Sender.Send(IdentityFrame(identity), SendTiming.Soon);
        }
    }

    /// <summary>Requests a proxy's service from the host, unless the proxy has been detached from the client in the meantime.</summary>
    internal void Bind(ServiceProxy proxy)
    {
        var binding = new PendingBinding(proxy);
        Sender.Send(new BindFrame(this, binding), SendTiming.Now);
        WatchTimeout(binding);
    }

    /// <inheritdoc/>
    internal override bool TryPing(TimeSpan interval) => _control.TryPing(interval);

    /// <summary>Handles the report of the host that it has exposed services.</summary>
    /// <param name="names">The names of the services, or null for any.</param>
    internal void OnExposed(ICollection<string>? names) => _client.OnExposed(this, names);

    /// <summary>
    /// Adds a pending binding, unless its proxy has been detached from the client in the meantime; its reply is then ignored. Called inside the
    /// sender's lock, so that the reply cannot come earlier.
    /// </summary>
    internal void AddBinding(ulong requestId, PendingBinding binding)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_ended is null && binding.Proxy.IsAttachedTo(_client))
            {
                binding.RequestId = requestId;
                _bindings.Add(requestId, binding);
            }
        }
    }

    /// <summary>Returns the number of bytes that the frame of an identity takes.</summary>
    internal static int SizeOfIdentity(ClientIdentity identity) => IdentityFrame(identity).CalculateSize();

    /// <summary>Removes a proxy and fails its calls.</summary>
    internal void Unbind(ServiceProxy proxy, ServiceBinding? binding, DisconnectReason reason)
    {
        List<IPendingCall> calls = [];
        List<PendingBinding> bindings = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach ((ulong requestId, PendingBinding other) in _bindings)
            {
                if (other.Proxy == proxy)
                {
                    _bindings.Remove(requestId);
                    bindings.Add(other);
                }
            }

            // Applies even if the proxy has not received its binding yet.
            foreach ((uint serviceId, ServiceProxy other) in _bound)
            {
                if (other == proxy)
                {
                    _bound.Remove(serviceId);
                }
            }

            foreach ((ulong requestId, IPendingCall call) in _calls)
            {
                if (call.Binding == binding)
                {
                    _calls.Remove(requestId);
                    calls.Add(call);
                }
            }

            _streaming = null;
        }

        // The connection stays open, so calls that have been accepted are sent.
        foreach (IPendingCall call in calls)
        {
            Sender.Withdraw(call);
            TellCancelled(call, call.RequestId);
        }

        Sender.ReleaseHeldBack();
        Fail(calls, reason, static _ => true);
        foreach (IQueuedFrame call in Sender.WithdrawAll(frame => frame is OneWayCall call && call.Binding == binding))
        {
            call.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false));
        }

        bindings.ForEach(static pending => pending.Timer?.Dispose());
    }

    internal Task<TReply> CallAsync<TReply>(
        ServiceBinding binding,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply>
    {
        uint methodId = binding.MethodIdOf(method);
        PendingCall<TReply> call;
        try
        {
            using EncodedMessage arguments = Encode(request);
            details ??= CallDetails.Of(options, _options.CallTimeout, _time);
            call = new PendingCall<TReply>(binding, method, new UnsentRequest(methodId, arguments), details);
            if (cancellationToken.CanBeCanceled)
            {
                call.CancelWith(cancellationToken);
            }

            Begin(call);
        }
        catch (Exception exception)
        {
            // The message could not be encoded, or a header is not valid. The caller's task fails.
            return Task.FromException<TReply>(exception);
        }

        return call.Task;
    }

    internal ValueTask SendAsync(
        ServiceBinding binding,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken cancellationToken
    )
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        uint methodId = binding.MethodIdOf(method);
        try
        {
            details ??= CallDetails.Of(options, Timeout.InfiniteTimeSpan, _time);
            using EncodedMessage arguments = Encode(request);
            var unsent = new UnsentRequest(methodId, arguments);
            return Sender.TrySend(new OneWayFrame(binding, unsent, details), SendTiming.Soon)
                ? ValueTask.CompletedTask
                : new ValueTask(QueueAsync(binding, unsent, details, cancellationToken));
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    /// <summary>Returns the frame of a request, with its extensions if the host knows them. Called inside the sender's lock.</summary>
    internal InvokeMethodFrame ToFrame(scoped in UnsentRequest request, ulong requestId, uint serviceId, bool dropReply, CallDetails? details) =>
        details is not null && _control.IsAnnounced
            ? request.ToFrame(requestId, serviceId, dropReply, details.GetMicrosecondsLeft(), details.Headers)
            : request.ToFrame(requestId, serviceId, dropReply);

    /// <summary>Encodes a request, which runs user code.</summary>
    /// <exception cref="IpcException">The message is larger than a frame may be.</exception>
    internal EncodedMessage Encode(IMessage request) => new(request, _options.MaxFrameSize);

    /// <summary>Sends a call and registers it for its reply. An error fails the call.</summary>
    internal void Begin(IPendingCall call)
    {
        // Read without the lock: with a stale count, the call is only sent a moment earlier or later.
        SendTiming timing = _calls.Count == 0 ? SendTiming.Now : SendTiming.Soon;
        SendResult result;
        try
        {
            result = Sender.SendOrQueue(call, timing);
        }
        catch (Exception exception)
        {
            // The message is too large. The caller's task fails.
            call.OnFailed(exception);
            return;
        }

        if (result is SendResult.Closed)
        {
            FailWithConnection(call);
        }
        else if (result is SendResult.Unwanted)
        {
            // The connection has ended. Otherwise the call was canceled, and has failed already.
            if (Volatile.Read(ref _ended) is { } ended)
            {
                call.Fail(new IpcDisconnectedException(ended, requestMayHaveBeenSent: false));
            }
        }
        else if (call.Details is { HasLimit: true } details)
        {
            _timeouts.Request(DueOf(details));
        }
    }

    /// <summary>Removes a call. A reply that arrives later is ignored.</summary>
    internal void Abandon(IPendingCall call)
    {
        // Withdrawn first: afterwards, the call either has been written and added, or never will be.
        Sender.Withdraw(call);
        ulong requestId;
        bool isPending;
        lock (_lock)
        {
            AssertInvariants();
            requestId = call.RequestId;
            isPending = _calls.Remove(requestId);
            if (_streaming == call)
            {
                _streaming = null;
            }
        }

        if (isPending)
        {
            TellCancelled(call, requestId);
            Sender.ReleaseHeldBack();
        }
    }

    /// <summary>Tells the host that a call is canceled that was pending, unless its request has not been written.</summary>
    private void TellCancelled(IPendingCall call, ulong requestId)
    {
        if (IsWaitingKey(requestId) || IsClosed || _control.TryCancel(requestId))
        {
            return;
        }

        if (Interlocked.Exchange(ref _isCancellationLogged, 1) == 0)
        {
            ClientLog.CancellationNotTold(Log, call.Method.FullName);
        }
    }

    /// <summary>Gets the id of the next request that is written. Used inside the sender's lock.</summary>
    internal ulong NextRequestId => _lastRequestId + 1;

    /// <summary>Advances the request id after a request has been written. Called inside the sender's lock.</summary>
    internal void AdvanceRequestId() => _lastRequestId++;

    /// <summary>Writes and adds a call. Called inside the sender's lock, so that its reply cannot come earlier.</summary>
    /// <returns>The position in the outgoing bytes at which the call ends, or zero if the call has failed in the meantime.</returns>
    internal long Write(IPendingCall call, in UnsentRequest request, FrameSender.Writer writer)
    {
        ulong requestId = NextRequestId;
        if (!TryAdd(call, requestId))
        {
            return 0;
        }

        try
        {
            long mark = writer.Write(ToFrame(request, requestId, call.Binding.ServiceId, dropReply: false, call.Details));
            AdvanceRequestId();
            return mark;
        }
        catch
        {
            Remove(call);
            throw;
        }
    }

    /// <summary>Adds a call that waits for room. Called inside the sender's lock.</summary>
    /// <returns>False if the connection accepts no more calls.</returns>
    internal bool TryAddWaiting(IPendingCall call)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_ended is not null)
            {
                return false;
            }

            ulong key = WaitingKeys | ++_lastWaiting;
            _calls.Add(key, call);
            call.RequestId = key;
            return true;
        }
    }

    /// <summary>Counts a stream whose buffer is full. Receiving is paused until <see cref="RemoveFullStream"/> is called.</summary>
    internal void AddFullStream()
    {
        lock (_pausing)
        {
            if (_fullStreams++ == 0)
            {
                PauseReading();
            }
        }
    }

    /// <summary>Stops counting a full stream that has been read or has ended. Receiving resumes when no stream is full.</summary>
    internal void RemoveFullStream()
    {
        lock (_pausing)
        {
            if (--_fullStreams == 0)
            {
                ResumeReading();
            }
        }
    }

    /// <summary>
    /// Fails all pending calls and those that are made later. The socket must be closed already, so that bytes that have not been sent never are.
    /// </summary>
    internal void FailCalls(DisconnectReason reason)
    {
        List<IPendingCall> calls;
        List<IQueuedFrame> lateCalls;
        List<ITimer?> timers;
        lock (_lock)
        {
            AssertInvariants();
            _ended ??= reason;
            calls = [.. _calls.Values];
            lateCalls = [.. _lateCalls];
            timers = [_connectTimer, .. _bindings.Values.Select(static binding => binding.Timer)];
            _calls.Clear();
            _streaming = null;
            _lateCalls.Clear();
            _bindings.Clear();
            _bound.Clear();
            _connectTimer = null;
        }

        timers.ForEach(static timer => timer?.Dispose());
        _timeouts.Dispose();
        Fail(calls, reason, Sender.MayBeSent);
        lateCalls.ForEach(call => call.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false)));
    }

    /// <inheritdoc/>
    protected override void OnFrame(in Frame frame)
    {
        HasReceived = true;
        switch (frame.Kind)
        {
            case FrameKind.InvokeMethodReply:
                OnReply(frame.RequestId, frame.Reply);
                break;
            case FrameKind.BindServiceReply:
                OnBindReply(frame.RequestId, frame.Message!.MsgBindServiceReply);
                break;
            case FrameKind.RequestError:
                OnRequestError(frame.RequestId, frame.Message!.MsgRequestError.Error);
                break;
        }
    }

    /// <inheritdoc/>
    internal override void OnSent() => Exchange.OnSent();

    /// <inheritdoc/>
    protected override DisconnectReason Explain(DisconnectReason reason) =>
        _control.IsHostStopping && reason.Cause is DisconnectCause.ClosedByPeer or DisconnectCause.ConnectionLost
            ? new DisconnectReason(DisconnectCause.HostStopping, "The host was stopped.", reason.Exception)
            : reason;

    /// <inheritdoc/>
    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        // The order ensures that the code that awaits a failed call finds the client disconnected, and that user code that
        // blocks does not delay the failure of other calls.
        _client.OnLost(this, reason);
        Exchange.OnClosed();
        FailCalls(reason);
        foreach (IQueuedFrame frame in unsent)
        {
            frame.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false));
        }

        _client.AfterLost();
    }

    private static MessageFrame IdentityFrame(ClientIdentity identity)
    {
        var message = new IPCFrame.Types.SetPeerIdentity();
        if (identity.ProcessId is { } processId)
        {
            message.Pid = processId;
        }

        if (identity.UserId is { } userId)
        {
            // The wire format uses a signed number.
            message.Uid = unchecked((int)userId);
        }

        if (identity.MachineIdHint is { } hint)
        {
            message.MachineIdHint = hint;
        }

        if (identity.MachineName is { } name)
        {
            message.MachineName = name;
        }

        return new MessageFrame(new IPCFrame { SetPeerIdentity = message });
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(
            _ended is null || (_calls.Count == 0 && _lateCalls.Count == 0 && _bindings.Count == 0 && _bound.Count == 0 && _connectTimer is null),
            "A connection that has ended holds nothing."
        );
        Debug.Assert(!_calls.ContainsKey(0) && !_bindings.ContainsKey(0), "Request ids begin with one.");
    }

    /// <summary>Adds a call by its request id. Returns false if no more calls are accepted, or the call failed while it waited.</summary>
    private bool TryAdd(IPendingCall call, ulong requestId)
    {
        lock (_lock)
        {
            ulong waitingKey = call.RequestId;
            if (_ended is not null || (waitingKey != 0 && !_calls.ContainsKey(waitingKey)))
            {
                return false;
            }

            _calls.Add(requestId, call);
            call.RequestId = requestId;
            if (waitingKey != 0)
            {
                _calls.Remove(waitingKey);
            }

            return true;
        }
    }

    /// <summary>Removes a call that was not written. Another call is assigned its request id.</summary>
    private void Remove(IPendingCall call)
    {
        lock (_lock)
        {
            _calls.Remove(call.RequestId);
            call.RequestId = 0;
        }
    }

    private Task QueueAsync(ServiceBinding binding, UnsentRequest request, CallDetails? details, CancellationToken cancellationToken)
    {
        var call = new OneWayCall(binding, request, details);
        SendResult result = Sender.SendOrQueue(call, SendTiming.Soon);
        switch (result)
        {
            case SendResult.Accepted:
                call.OnAccepted();
                break;
            case SendResult.Closed:
                FailWithConnection(call);
                break;
            default:
                call.CancelWith(cancellationToken);
                break;
        }

        return call.Task;
    }

    /// <summary>
    /// Fails a call that can no longer be sent, together with the others, so that the code that awaits it finds the client disconnected.
    /// </summary>
    private void FailWithConnection(IQueuedFrame call)
    {
        DisconnectReason? ended;
        lock (_lock)
        {
            AssertInvariants();
            ended = _ended;
            if (ended is null)
            {
                _lateCalls.Add(call);
            }
        }

        if (ended is not null)
        {
            call.OnFailed(new IpcDisconnectedException(ended, requestMayHaveBeenSent: false));
        }
    }

    private void OnReply(ulong requestId, in InvokeMethodReplyBody reply)
    {
        bool isLast = !reply.HasMore || !reply.Success;
        if (Volatile.Read(ref _streaming) is { } call && requestId == _streamingId && !isLast)
        {
            Deliver(call, reply);
        }
        else if (TryFind(requestId, reply.Success, isLast, out call))
        {
            // Before the code that awaits the reply runs, which may block.
            Sender.ReleaseHeldBack();
            Deliver(call, reply);
        }
        else
        {
            if (!_control.TryHandle(requestId, reply))
            {
                Exchange.TryHandle(requestId, reply);
            }
        }
    }

    /// <summary>Finds the call of a reply, and removes the call if this is its last reply.</summary>
    private bool TryFind(ulong requestId, bool hasSucceeded, bool isLast, [NotNullWhen(true)] out IPendingCall? call)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (IsWaitingKey(requestId) || !_calls.TryGetValue(requestId, out call))
            {
                call = null;
                return false;
            }

            _hasSucceeded |= hasSucceeded;
            _streaming = null;
            if (isLast || !call.IsStream)
            {
                _calls.Remove(requestId);
            }
            else
            {
                _streaming = call;
                _streamingId = requestId;
            }

            return true;
        }
    }

    private static void Deliver(IPendingCall call, in InvokeMethodReplyBody reply)
    {
        try
        {
            call.OnReply(reply);
        }
        catch (Exception exception)
        {
            // For instance, because memory is exhausted. The other calls of the connection must not be affected.
            call.OnFailed(new IpcCallException($"The reply to {call.Method.FullName} could not be processed.", exception));
        }
    }

    private static bool IsWaitingKey(ulong requestId) => (requestId & WaitingKeys) != 0;

    private void OnBindReply(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        if (_control.TryHandle(requestId, reply))
        {
            return;
        }

        if (Exchange.TryHandle(requestId, reply))
        {
            if (reply.Control)
            {
                _control.OnAnnounced();
            }

            return;
        }

        PendingBinding? pending;
        ServiceProxy proxy;
        ServiceBinding? binding = null;
        DisconnectReason? refusal = null;
        lock (_lock)
        {
            AssertInvariants();
            if (!_bindings.Remove(requestId, out pending))
            {
                return;
            }

            proxy = pending.Proxy;
            string name = proxy.Methods.ServiceName;
            if (!reply.Success)
            {
                refusal = new DisconnectReason(DisconnectCause.Refused, $"The host does not expose service {name}.");
            }
            else if (!_bound.TryAdd(reply.ServiceId, proxy))
            {
                string other = _bound[reply.ServiceId].Methods.ServiceName;
                refusal = new DisconnectReason(
                    DisconnectCause.AlreadyBound,
                    other == name
                        ? $"Another proxy of this client is already bound to service {name}."
                        : $"The host assigned the same id to services {other} and {name}. Another proxy of this client is already bound to {other}."
                );
            }
            else
            {
                binding = new ServiceBinding(this, reply.ServiceId, MethodIds(proxy.Methods, reply));
            }
        }

        pending.Timer?.Dispose();
        if (reply.Control)
        {
            _control.OnAnnounced();
        }

        if (binding is not null)
        {
            _client.OnBound(this, proxy, binding);
        }
        else
        {
            _client.OnRefused(this, proxy, refusal!);
        }
    }

    private void OnRequestError(ulong requestId, string error)
    {
        error = PeerText.Clean(error);
        IPendingCall? call = null;
        PendingBinding? binding;
        lock (_lock)
        {
            AssertInvariants();
            if (!IsWaitingKey(requestId))
            {
                _calls.Remove(requestId, out call);
            }

            _bindings.Remove(requestId, out binding);
        }

        Sender.ReleaseHeldBack();
        call?.Fail(new IpcCallException($"The host replied to the call with an error: {error}"));
        if (binding is not null)
        {
            binding.Timer?.Dispose();
            var refusal = new DisconnectReason(DisconnectCause.Refused, $"The host replied to the request for a service with an error: {error}");
            _client.OnRefused(this, binding.Proxy, refusal);
        }
    }

    private static uint[] MethodIds(MethodTable methods, IPCFrame.Types.BindServiceReply reply)
    {
        uint[] ids = new uint[methods.Methods.Count];
        foreach (IPCFrame.Types.BindServiceReply.Types.MethodInfo info in reply.Methods)
        {
            if (methods.Find(info.Name) is { } method)
            {
                ids[method.Index] = info.Id;
            }
        }

        return ids;
    }

    private void Fail(List<IPendingCall> calls, DisconnectReason reason, Func<long, bool> mayBeSent)
    {
        foreach (IPendingCall call in calls)
        {
            Sender.Withdraw(call);
            call.Fail(new IpcDisconnectedException(reason, requestMayHaveBeenSent: call.Mark != 0 && mayBeSent(call.Mark)));
        }
    }

    private void OnConnectTimeout()
    {
        EndConnecting();
        _client.OnConnectTimeout(this);
    }

    private long DueOf(CallDetails call) => call.StartedAt + (long)Math.Ceiling(call.Limit.TotalSeconds * _time.TimestampFrequency);

    /// <summary>Starts the time limit for the reply to a binding.</summary>
    private void WatchTimeout(PendingBinding binding)
    {
        if (_options.BindTimeout == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        ITimer timer = _time.CreateTimer(_ => OnBindTimeout(binding.RequestId), null, _options.BindTimeout, _options.BindTimeout);
        bool isPending;
        lock (_lock)
        {
            AssertInvariants();
            isPending = _bindings.ContainsKey(binding.RequestId);
            binding.Timer = isPending ? timer : null;
        }

        if (!isPending)
        {
            timer.Dispose();
        }
    }

    private void OnBindTimeout(ulong requestId)
    {
        if (IsReadingPaused)
        {
            // The reply may be among the bytes that are not read while receiving is paused, so the time limit starts again.
            return;
        }

        PendingBinding? binding;
        lock (_lock)
        {
            AssertInvariants();
            if (!_bindings.Remove(requestId, out binding))
            {
                return;
            }
        }

        binding.Timer?.Dispose();
        string message = $"The host did not reply to the request for service {binding.Proxy.Methods.ServiceName} within {_options.BindTimeout}.";
        var reason = new DisconnectReason(DisconnectCause.BindTimeout, message, new TimeoutException(message));
        if (HasReceived)
        {
            _client.OnRefused(this, binding.Proxy, reason);
        }
        else
        {
            // The host does not respond, and nothing else depends on the connection. Another connection may succeed.
            Close(reason);
        }
    }

    /// <summary>
    /// Fails the calls that have exceeded their time limits, and returns the time at which the next one does. All calls share one timer, so a call that
    /// receives its reply in time needs no timer of its own.
    /// </summary>
    private long OnTimeout()
    {
        List<(IPendingCall Call, ulong RequestId)> calls = [];
        long now = _time.GetTimestamp();
        long next = long.MaxValue;
        lock (_lock)
        {
            AssertInvariants();
            foreach ((ulong requestId, IPendingCall call) in _calls)
            {
                if (call.Details is not { HasLimit: true } details)
                {
                    continue;
                }

                // If the clock jumps back, the time limit of the call starts again, so that the call does not wait until the clock has caught up.
                details.StartedAt = Math.Min(details.StartedAt, now);
                long due = DueOf(details);
                if (due <= now)
                {
                    _calls.Remove(requestId);
                    calls.Add((call, requestId));
                }
                else
                {
                    next = Math.Min(next, due);
                }
            }

            _streaming = calls.Count != 0 ? null : _streaming;
        }

        foreach ((IPendingCall call, ulong requestId) in calls)
        {
            Sender.Withdraw(call);
            TellCancelled(call, requestId);
            call.Fail(call.Details!.TimedOut(call.Method));
        }

        Sender.ReleaseHeldBack();
        return next;
    }
}
