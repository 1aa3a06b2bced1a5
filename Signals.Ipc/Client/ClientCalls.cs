using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>The calls of a connection of a client, from their beginning to their end: writes them, and ends them early if that is asked for.</summary>
internal sealed class ClientCalls : IDisposable
{
    /// <summary>The number of calls that stands for no limit.</summary>
    internal const uint NoLimit = 0;

    private readonly ClientConnection _connection;
    private readonly IpcClientOptions _options;

    /// <summary>The channel by which the host is told which calls are canceled.</summary>
    private readonly ControlChannel _control;

    private readonly PendingCalls _pending = new();

    /// <summary>The time limits of the calls that have one.</summary>
    private readonly CallTimeouts _timeouts;

    /// <summary>
    /// The request id that was written last. Guarded by the sender's lock, so that the ids on the wire increase by one: a request is assigned its id
    /// when it is certain to be written, in the order of writing.
    /// </summary>
    private ulong _lastRequestId;

    /// <summary>The number of calls that the host handles at once, or <see cref="NoLimit"/>. More calls are held back.</summary>
    private uint _limit;

    /// <summary>One when it has been logged that the host does not know cancellation.</summary>
    private int _isCancellationLogged;

    /// <summary>Guards everything below. It is taken inside the sender's lock, so the sender is never called inside this one.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls that were made after the sender was closed and before the connection ended.</summary>
    private readonly List<IQueuedFrame> _late = [];

    /// <summary>The reason for which no more calls are accepted, or null while they are.</summary>
    private DisconnectReason? _ended;

    internal ClientCalls(ClientConnection connection, ControlChannel control)
    {
        _connection = connection;
        _options = connection.Options;
        _control = control;
        _timeouts = new CallTimeouts(this, _options.Time);
    }

    /// <summary>Gets the copies of the requests that wait for room. Used inside the sender's lock.</summary>
    internal KeptRequests KeptRequests { get; } = new();

    /// <summary>Gets the number of calls that wait for a reply.</summary>
    internal int PendingCount => _pending.Count;

    /// <summary>Gets the id of the next request that is written. Used inside the sender's lock.</summary>
    internal ulong NextRequestId => _lastRequestId + 1;

    private FrameSender Sender => _connection.Sender;

    /// <summary>Advances the request id after a request has been written. Called inside the sender's lock.</summary>
    internal void AdvanceRequestId() => _lastRequestId++;

    /// <summary>Sets the number of calls that the host handles at once.</summary>
    internal void Limit(uint limit)
    {
        Volatile.Write(ref _limit, limit);
        Sender.ReleaseHeldBack();
    }

    /// <inheritdoc cref="IFrameSenderOwner.AcceptsLimited"/>
    internal bool AcceptsLimited(int heldBack)
    {
        // The number of calls rises only inside the sender's lock, and a thread that lowers it then releases those that are held back.
        uint limit = Volatile.Read(ref _limit);
        return limit == NoLimit || _pending.Count - heldBack < limit;
    }

    /// <summary>Returns a description of each call that has not ended, oldest first.</summary>
    internal IReadOnlyList<PendingCallInfo> Describe()
    {
        List<IPendingCall> calls = [];
        Sender.RunLocked(() => calls = _pending.ToList());
        int now = Environment.TickCount;
        return
        [
            .. calls
                .OrderByDescending(call => unchecked((uint)(now - call.CreatedAt)))
                .Select(call => new PendingCallInfo(
                    call.Method.FullName,
                    TimeSpan.FromMilliseconds(unchecked((uint)(now - call.CreatedAt))),
                    PendingCalls.IsWaiting(call) ? PendingCallState.Queued
                        : call.HasReplies ? PendingCallState.Streaming
                        : PendingCallState.Sent
                )),
        ];
    }

    /// <summary>Makes a call with one reply.</summary>
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
            details ??= CallDetails.Of(options, _options.CallTimeout, _options.Time);
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

    /// <summary>Makes a call without a reply.</summary>
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
            details ??= CallDetails.Of(options, Timeout.InfiniteTimeSpan, _options.Time);
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

    /// <summary>Encodes a request, which runs user code.</summary>
    /// <exception cref="IpcException">The message is larger than a frame may be.</exception>
    internal EncodedMessage Encode(IMessage request) => new(request, _options.MaxFrameSize);

    /// <summary>Returns the frame of a request, with its extensions if the host knows them. Called inside the sender's lock.</summary>
    internal InvokeMethodFrame ToFrame(scoped in UnsentRequest request, ulong requestId, uint serviceId, bool dropReply, CallDetails? details) =>
        details is not null && _control.IsAnnounced
            ? request.ToFrame(requestId, serviceId, dropReply, details.GetMicrosecondsLeft(), details.Headers)
            : request.ToFrame(requestId, serviceId, dropReply);

    /// <summary>Sends a call and registers it for its reply. An error fails the call.</summary>
    internal void Begin(IPendingCall call)
    {
        // Read without the lock: with a stale count, the call is only sent a moment earlier or later.
        SendTiming timing = _pending.Count == 0 ? SendTiming.Now : SendTiming.Soon;
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
            _timeouts.Watch(details);
        }
    }

    /// <summary>Writes and adds a call. Called inside the sender's lock, so that its reply cannot come earlier.</summary>
    /// <returns>The position in the outgoing bytes at which the call ends, or zero if the call has failed in the meantime.</returns>
    internal long Write(IPendingCall call, in UnsentRequest request, FrameWriter writer)
    {
        ulong requestId = NextRequestId;
        if (Volatile.Read(ref _ended) is not null || !_pending.TryAdd(call, requestId))
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
            // Another call is assigned its request id.
            _pending.TryRemove(call);
            call.RequestId = 0;
            throw;
        }
    }

    /// <summary>Adds a call that waits to be written. Called inside the sender's lock.</summary>
    /// <returns>False if no more calls are accepted.</returns>
    internal bool TryAddWaiting(IPendingCall call)
    {
        if (Volatile.Read(ref _ended) is not null)
        {
            return false;
        }

        _pending.AddWaiting(call);
        return true;
    }

    /// <summary>Returns the call of a reply, and removes it if this is its last reply. Called by the receive loop.</summary>
    internal bool TryTake(ulong requestId, bool isLast, [NotNullWhen(true)] out IPendingCall? call)
    {
        if (!_pending.TryFind(requestId, out call))
        {
            return false;
        }

        if (!isLast && call.IsStream)
        {
            return true;
        }

        if (!_pending.TryRemove(call))
        {
            return false;
        }

        // Before the code that awaits the reply runs, which may block.
        Sender.ReleaseHeldBack();
        return true;
    }

    /// <summary>Removes a call. A reply that arrives later is ignored.</summary>
    internal void Abandon(IPendingCall call)
    {
        // Withdrawn first: afterwards, the call either has been written and added, or never will be.
        Sender.Withdraw(call);
        if (_pending.TryRemove(call))
        {
            TellCancelled(call);
            Sender.ReleaseHeldBack();
        }
    }

    /// <summary>Fails the calls of a binding that ends. The connection stays open, so calls that have been accepted are sent.</summary>
    internal void FailCallsOf(ServiceBinding? binding, DisconnectReason reason)
    {
        List<IPendingCall> calls = TakeAll(call => call.Binding == binding);
        foreach (IPendingCall call in calls)
        {
            Sender.Withdraw(call);
            TellCancelled(call);
        }

        Sender.ReleaseHeldBack();
        Fail(calls, reason, static _ => true);
        foreach (IQueuedFrame call in Sender.WithdrawAll(frame => frame is OneWayCall call && call.Binding == binding))
        {
            call.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false));
        }
    }

    /// <summary>
    /// Fails all pending calls and those that are made later. The transport must be closed already, so that bytes that have not been sent never are.
    /// </summary>
    internal void End(DisconnectReason reason)
    {
        List<IQueuedFrame> late;
        lock (_lock)
        {
            AssertInvariants();
            _ended ??= reason;
            late = [.. _late];
            _late.Clear();
        }

        Dispose();
        Fail(TakeAll(static _ => true), reason, Sender.MayBeSent);
        late.ForEach(call => call.OnFailed(new IpcDisconnectedException(reason, requestMayHaveBeenSent: false)));
    }

    /// <inheritdoc/>
    public void Dispose() => _timeouts.Dispose();

    /// <summary>Ends the calls that have exceeded their time limits, and returns the others that have one.</summary>
    internal List<IPendingCall> EndOverdue(Predicate<IPendingCall> isOverdue)
    {
        List<IPendingCall> timed = [];
        List<IPendingCall> overdue = TakeAll(call =>
        {
            if (call.Details is not { HasLimit: true })
            {
                return false;
            }

            if (isOverdue(call))
            {
                return true;
            }

            timed.Add(call);
            return false;
        });
        foreach (IPendingCall call in overdue)
        {
            Sender.Withdraw(call);
            TellCancelled(call);
            call.Fail(call.Details!.TimedOut(call.Method));
        }

        Sender.ReleaseHeldBack();
        return timed;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_ended is null || _late.Count == 0, "Calls that are made after the end fail at once.");
    }

    /// <summary>Removes and returns the calls for which a condition is true. A call that is added later sees the end of the connection.</summary>
    private List<IPendingCall> TakeAll(Predicate<IPendingCall> condition)
    {
        List<IPendingCall> taken = [];
        Sender.RunLocked(() => taken = _pending.RemoveAll(condition));
        return taken;
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
                _late.Add(call);
            }
        }

        if (ended is not null)
        {
            call.OnFailed(new IpcDisconnectedException(ended, requestMayHaveBeenSent: false));
        }
    }

    private void Fail(List<IPendingCall> calls, DisconnectReason reason, Func<long, bool> mayBeSent)
    {
        foreach (IPendingCall call in calls)
        {
            Sender.Withdraw(call);
            call.Fail(new IpcDisconnectedException(reason, requestMayHaveBeenSent: call.Mark != 0 && mayBeSent(call.Mark)));
        }
    }

    /// <summary>Tells the host that a call is canceled that was pending, unless its request has not been written.</summary>
    private void TellCancelled(IPendingCall call)
    {
        if (PendingCalls.IsWaiting(call) || _connection.IsClosed || _control.TryCancel(call.RequestId))
        {
            return;
        }

        if (Interlocked.Exchange(ref _isCancellationLogged, 1) == 0)
        {
            _connection.LogCancellationNotTold(call.Method);
        }
    }
}
