using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>
/// All that a client knows of one connection: the bindings and calls under way and the numbers that were given out. The next connection is
/// another object, so nothing of this one can touch it.
/// </summary>
internal sealed class ClientConnection : IpcConnection
{
    private readonly IpcClient _client;
    private readonly IpcClientOptions _options;

    /// <summary>Guards everything below.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<ulong, IPendingCall> _calls = [];

    /// <summary>Bindings that the host has not answered.</summary>
    private readonly Dictionary<ulong, ServiceProxy> _bindings = [];

    /// <summary>The bound proxies by the number of their service.</summary>
    private readonly Dictionary<uint, ServiceProxy> _bound = [];

    private ulong _lastRequestId;

    /// <summary>Why there are no calls any more, or null while there may be.</summary>
    private DisconnectReason? _ended;

    /// <summary>Runs out when the next call does, or null while calls do not time out.</summary>
    private ITimer? _timeoutTimer;

    private bool _isTimerSet;

    internal ClientConnection(IpcClient client, IpcClientOptions options)
        : base(options.ToSettings())
    {
        _client = client;
        _options = options;
    }

    internal long MaxBufferedStreamBytes => _options.MaxBufferedStreamBytes;

    /// <summary>Whether the host has ever said anything.</summary>
    internal bool HasReceived { get; private set; }

    /// <summary>Gets true: what the host replied before it went is the callers'.</summary>
    protected override bool DrainsAfterHangup => true;

    /// <summary>How many calls wait for an answer.</summary>
    internal int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _calls.Count;
            }
        }
    }

    /// <summary>Asks the host for a proxy's service.</summary>
    internal void Bind(ServiceProxy proxy)
    {
        ulong requestId;
        lock (_lock)
        {
            requestId = ++_lastRequestId;
            _bindings.Add(requestId, proxy);
        }

        Sender.Send(BindFrame(requestId, proxy), SendTiming.Now);
    }

    /// <summary>The most bytes that the request for a proxy's service takes.</summary>
    internal static int SizeOfBind(ServiceProxy proxy) => BindFrame(ulong.MaxValue, proxy).CalculateSize();

    /// <summary>Forgets a proxy, and fails its calls.</summary>
    internal void Unbind(ServiceProxy proxy, ServiceBinding? binding, DisconnectReason reason)
    {
        List<IPendingCall> calls = [];
        lock (_lock)
        {
            foreach ((ulong requestId, ServiceProxy other) in _bindings)
            {
                if (other == proxy)
                {
                    _bindings.Remove(requestId);
                }
            }

            // Also when the proxy has not been told of its binding yet.
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
        }

        // The connection goes on, so what has been accepted is sent.
        Fail(calls, reason, static _ => true);
        foreach (IQueuedFrame call in Sender.WithdrawAll(frame => frame is OneWayCall call && call.Binding == binding))
        {
            call.OnFailed(new IpcDisconnectedException(reason, requestWasSent: false));
        }
    }

    internal Task<TReply> CallAsync<TReply>(ServiceBinding binding, ServiceMethod method, IMessage request, CancellationToken cancellationToken)
        where TReply : class, IMessage<TReply>
    {
        var call = new PendingCall<TReply>(binding, method, binding.MethodIdOf(method), request);
        if (cancellationToken.CanBeCanceled)
        {
            call.CancelWith(cancellationToken);
        }

        Begin(call);
        return call.Task;
    }

    internal ValueTask SendAsync(ServiceBinding binding, ServiceMethod method, IMessage request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        uint methodId = binding.MethodIdOf(method);
        var frame = new InvokeMethodFrame(NextRequestId(), binding.ServiceId, methodId, request, dropReply: true);
        return Sender.TrySend(frame, SendTiming.Soon) ? ValueTask.CompletedTask : new ValueTask(QueueAsync(binding, methodId, request, cancellationToken));
    }

    /// <summary>Sends a call and waits for its answer. What goes wrong fails the call.</summary>
    internal void Begin(IPendingCall call)
    {
        DisconnectReason? ended;
        var timing = SendTiming.Soon;
        lock (_lock)
        {
            if (call.IsAbandoned)
            {
                return;
            }

            ended = _ended;
            if (ended is null)
            {
                call.RequestId = ++_lastRequestId;
                _calls.Add(call.RequestId, call);
                timing = _calls.Count == 1 ? SendTiming.Now : SendTiming.Soon;
                WatchTimeout(call);
            }
        }

        if (ended is not null)
        {
            call.Fail(new IpcDisconnectedException(ended, requestWasSent: false));
            return;
        }

        try
        {
            Sender.SendOrQueue(call, timing);
        }
        catch (Exception exception)
        {
            // The message is too large, or could not be encoded: the caller's task says so.
            call.OnFailed(exception);
        }
    }

    /// <summary>Forgets a call: an answer that comes later is ignored.</summary>
    internal void Abandon(IPendingCall call)
    {
        lock (_lock)
        {
            call.IsAbandoned = true;
            if (call.RequestId != 0)
            {
                _calls.Remove(call.RequestId);
            }
        }

        Sender.Withdraw(call);
    }

    internal ulong NextRequestId()
    {
        lock (_lock)
        {
            return ++_lastRequestId;
        }
    }

    /// <summary>Fails all calls under way and those that come later. The socket has to be closed: what has not been sent by now is not sent any more.</summary>
    internal void FailCalls(DisconnectReason reason)
    {
        List<IPendingCall> calls;
        lock (_lock)
        {
            _ended ??= reason;
            calls = [.. _calls.Values];
            _calls.Clear();
            _bindings.Clear();
            _bound.Clear();
            _timeoutTimer?.Dispose();
        }

        Fail(calls, reason, Sender.MayBeSent);
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
    protected override void OnClosed(DisconnectReason reason, IReadOnlyList<IQueuedFrame> unsent)
    {
        FailCalls(reason);
        foreach (IQueuedFrame frame in unsent)
        {
            frame.OnFailed(new IpcDisconnectedException(reason, requestWasSent: false));
        }
    }

    private static MessageFrame BindFrame(ulong requestId, ServiceProxy proxy) =>
        new(
            new IPCFrame
            {
                RequestId = requestId,
                MsgBindService = new IPCFrame.Types.BindService { ServiceName = proxy.Methods.ServiceName },
            }
        );

    private Task QueueAsync(ServiceBinding binding, uint methodId, IMessage request, CancellationToken cancellationToken)
    {
        var call = new OneWayCall(binding, methodId, request);
        SendResult result = Sender.SendOrQueue(call, SendTiming.Soon);
        switch (result)
        {
            case SendResult.Accepted:
                call.OnAccepted();
                break;
            case SendResult.Closed:
                call.OnFailed(new IpcDisconnectedException(Closing ?? IpcClient.ClosedHere, requestWasSent: false));
                break;
            default:
                call.CancelWith(cancellationToken);
                break;
        }

        return call.Task;
    }

    private void OnReply(ulong requestId, in InvokeMethodReplyBody reply)
    {
        IPendingCall? call;
        lock (_lock)
        {
            if (!_calls.TryGetValue(requestId, out call))
            {
                return;
            }

            if (!reply.HasMore || !reply.Success || !call.IsStream)
            {
                _calls.Remove(requestId);
            }
        }

        call.OnReply(reply);
    }

    private void OnBindReply(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        ServiceProxy? proxy;
        ServiceBinding? binding = null;
        DisconnectReason? refusal = null;
        lock (_lock)
        {
            if (!_bindings.Remove(requestId, out proxy))
            {
                return;
            }

            string name = proxy.Methods.ServiceName;
            if (!reply.Success)
            {
                refusal = new DisconnectReason(DisconnectCause.Refused, $"The host has no service {name}.");
            }
            else if (!_bound.TryAdd(reply.ServiceId, proxy))
            {
                string other = _bound[reply.ServiceId].Methods.ServiceName;
                refusal = new DisconnectReason(
                    DisconnectCause.AlreadyBound,
                    other == name
                        ? $"Another proxy of this client is bound to service {name} already."
                        : $"The host gave service {name} the number of service {other}, to which another proxy of this client is bound."
                );
            }
            else
            {
                binding = new ServiceBinding(this, reply.ServiceId, MethodIds(proxy.Methods, reply));
            }
        }

        if (binding is not null)
        {
            _client.OnBound(this, proxy, binding);
        }
        else
        {
            _client.OnRefused(proxy, refusal!);
        }
    }

    private void OnRequestError(ulong requestId, string error)
    {
        error = PeerText.Clean(error);
        IPendingCall? call;
        ServiceProxy? proxy;
        lock (_lock)
        {
            _calls.Remove(requestId, out call);
            _bindings.Remove(requestId, out proxy);
        }

        call?.Fail(new IpcCallException($"The host did not understand the call: {error}"));
        if (proxy is not null)
        {
            _client.OnRefused(proxy, new DisconnectReason(DisconnectCause.Refused, $"The host did not understand the request for a service: {error}"));
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
            call.Fail(new IpcDisconnectedException(reason, requestWasSent: call.Mark != 0 && mayBeSent(call.Mark)));
        }
    }

    /// <summary>Sees to it that a call times out. Called inside the lock.</summary>
    private void WatchTimeout(IPendingCall call)
    {
        if (_options.CallTimeout == Timeout.InfiniteTimeSpan || call.IsStream)
        {
            return;
        }

        call.StartedAt = _options.TimeProvider.GetTimestamp();
        if (_isTimerSet)
        {
            return;
        }

        _isTimerSet = true;
        _timeoutTimer ??= _options.TimeProvider.CreateTimer(
            static state => ((ClientConnection)state!).OnTimeout(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        _timeoutTimer.Change(_options.CallTimeout, Timeout.InfiniteTimeSpan);
    }

    /// <summary>
    /// Ends the calls that have taken too long. One timer serves them all: it is set to the oldest call, and what has been answered
    /// by then has cost nothing.
    /// </summary>
    private void OnTimeout()
    {
        List<IPendingCall> calls = [];
        lock (_lock)
        {
            TimeSpan? next = null;
            foreach ((ulong requestId, IPendingCall call) in _calls)
            {
                if (call.IsStream)
                {
                    continue;
                }

                TimeSpan rest = _options.CallTimeout - _options.TimeProvider.GetElapsedTime(call.StartedAt);
                if (rest <= TimeSpan.Zero)
                {
                    _calls.Remove(requestId);
                    calls.Add(call);
                }
                else if (next is null || rest < next)
                {
                    next = rest;
                }
            }

            _isTimerSet = next is not null && _ended is null;
            if (_isTimerSet)
            {
                // Rounded up, so that it does not run out a moment too early, again and again.
                _timeoutTimer!.Change(TimeSpan.FromMilliseconds(Math.Ceiling(next!.Value.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            }
        }

        foreach (IPendingCall call in calls)
        {
            Sender.Withdraw(call);
            call.Fail(new TimeoutException($"{call.Method.FullName} was not answered within {_options.CallTimeout}."));
        }
    }
}
