using Signals.Ipc.Framing;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Host;

/// <summary>
/// Invokes the methods of the calls of a client, counts and holds the calls, and keeps their order where a method blocks. The receive loop begins calls;
/// any thread ends and cancels them.
/// </summary>
internal sealed class CallDispatcher
{
    private readonly HostConnection _connection;
    private readonly ServiceTable _services;

    /// <summary>The object that observes the calls, or null if the host has no interceptors and does not log calls.</summary>
    private readonly CallObserver? _observer;

    private readonly CallCounts _counts;
    private readonly ReadingLimits _limits;
    private readonly HeldCalls _held = new();
    private readonly BlockedCalls _blocked;

    /// <summary>
    /// The common part of the contexts of the calls of each method, by service and method. Used only by the receive loop.
    /// </summary>
    private MethodContext?[]?[] _methods = [];

    /// <summary>
    /// The context of the call whose method is running, or null if it is code of an exported signal. Written only by the receive loop, read while another
    /// thread takes its place.
    /// </summary>
    private CallContext? _running;

    internal CallDispatcher(HostConnection connection, ServiceTable services, IpcHostOptions options, CallCounts counts, ReadingLimits limits)
    {
        _connection = connection;
        _services = services;
        _observer = CallObserver.Of(options);
        _counts = counts;
        _limits = limits;
        _blocked = new BlockedCalls(options.SerializeCalls);
    }

    /// <summary>Carries out a call. Called by the receive loop.</summary>
    internal void Invoke(ulong requestId, in InvokeMethodBody invoke)
    {
        // Before IsStopping is read: either this thread sees that the host is stopping, or DrainAsync sees this call.
        _counts.BeginInvocation();
        try
        {
            InvokeCounted(requestId, invoke);
        }
        finally
        {
            _counts.MarkActive();
            if (_connection.IsOnReadingThread)
            {
                _counts.LeaveInvocation();
                _counts.CompleteDrained();
            }
        }
    }

    /// <summary>Cancels a call, whether its method has begun or waits for another one.</summary>
    internal void Cancel(ulong requestId)
    {
        _held.Cancel(requestId);
        if (_blocked.Remove(requestId) is { } waiting)
        {
            End(waiting);
        }
    }

    /// <inheritdoc cref="IServiceCaller.BeginCall"/>
    internal void BeginCall(CallContext context)
    {
        _counts.BeginPending();
        context.IsPending = true;
        Hold(context);
        if (_connection.IsOnReadingThread)
        {
            _counts.LeaveInvocation();
        }
    }

    /// <inheritdoc cref="IServiceCaller.Hold"/>
    internal void Hold(CallContext context) => _held.Hold(context);

    /// <summary>Stops counting a call as active before its last reply is sent. Called on the thread that sends it.</summary>
    internal void BeginLastReply(CallContext context)
    {
        if (!context.IsPending && !context.IsCountedApart)
        {
            if (_connection.IsOnReadingThread)
            {
                _counts.BeginReplying();
            }
        }
        else if (!context.HasLastReply)
        {
            context.HasLastReply = true;
            _counts.BeginPendingReply();
        }
    }

    /// <inheritdoc cref="HeldCalls.GetMethods"/>
    internal string[] GetHeldMethods() => _held.GetMethods();

    /// <inheritdoc cref="IServiceCaller.EndCall"/>
    internal void EndCall(CallContext context)
    {
        _held.Release(context);
        context.End();
        EndCounting(context.HasLastReply);
    }

    /// <summary>Records that user code begins that does not belong to a call. Called by the receive loop.</summary>
    internal void BeginOther() => _running = null;

    /// <summary>Counts the running call, whose method blocks, apart from those of the next receive loop.</summary>
    internal void OnRelieved()
    {
        if (_running is not { } running)
        {
            return;
        }

        running.IsCountedApart |= _counts.TryBecomePending();

        // The next requests may cancel it, although its method has not returned and may request its token later.
        Hold(running);
        _blocked.Begin(running);
    }

    /// <inheritdoc cref="BlockedCalls.OnClosing"/>
    internal void OnClosing() => _blocked.OnClosing();

    /// <inheritdoc cref="BlockedCalls.WhenStartedAsync"/>
    internal Task WhenStartedAsync() => _blocked.WhenStartedAsync();

    /// <inheritdoc cref="HeldCalls.CancelAll"/>
    internal void CancelAll() => _held.CancelAll();

    /// <summary>Forgets the contexts of the methods, because the identity of the client has changed. Called by the receive loop.</summary>
    internal void ForgetMethods() => _methods = [];

    private void InvokeCounted(ulong requestId, in InvokeMethodBody invoke)
    {
        int index = -1;
        bool hasService = _services.TryFind(invoke.ServiceId, out ExposedService? service);
        MethodHandler? handler = hasService ? service!.Find(invoke.MethodId, out index) : null;
        if (handler is null || _counts.IsStopping)
        {
            Refuse(requestId, invoke, hasService, handler is null ? null : service!.Table.Methods[index]);
            return;
        }

        CallExtensions? extensions = invoke.ExtendedFields.IsEmpty ? null : CallExtensions.Read(invoke.ExtendedFields);
        MethodContext method = MethodContextOf(service!, index);
        CallContext context = method.Take(requestId, wantsReply: !invoke.DropReply, extensions);
        if (_blocked.Exist && TryQueue(handler, context, invoke.Arguments))
        {
            return;
        }

        _running = context;
        Run(handler, context, invoke.Arguments);
        if (_connection.IsOnReadingThread)
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
        handler.Invoke(new IncomingCall(_connection, context), arguments);
        if (!context.IsPending)
        {
            // The method may have passed the context on to another thread.
            context.HasReturned = true;
            Interlocked.MemoryBarrier();
            if (context.IsHeld)
            {
                _held.Release(context);
                context.End();
            }
        }
    }

    /// <summary>Ends the handling of a call whose method has blocked the receive loop, so that this thread is no longer that of the loop.</summary>
    private void EndBlocking(CallContext context)
    {
        if (context.IsCountedApart)
        {
            EndCountingApart(context);
        }

        if (context.HasBacklog)
        {
            RunBlocked();
        }
    }

    /// <summary>Stops counting a call apart. One whose reply follows later is counted twice until here, and its reply ends the other count.</summary>
    private void EndCountingApart(CallContext context)
    {
        context.IsCountedApart = false;
        EndCounting(context.HasLastReply && !context.IsPending);
    }

    private void EndCounting(bool hasReply)
    {
        _counts.EndPending(hasReply);
        _limits.ResumeIfPossible();
        _counts.CompleteDrained();
    }

    /// <summary>Queues a call that must not overtake a method that blocks. Returns false if it may be handled now.</summary>
    private bool TryQueue(MethodHandler handler, CallContext context, ReadOnlySpan<byte> arguments)
    {
        if (!_blocked.MustWait(context))
        {
            return false;
        }

        var call = new BackloggedCall(handler, context, arguments.ToArray());

        // It can be canceled while it waits, and as soon as it does not wait any more.
        Hold(context);
        _limits.HoldRequest(call.Bytes);
        context.IsCountedApart = true;
        _counts.BeginPending();
        if (_blocked.TryAdd(call))
        {
            return true;
        }

        End(call);
        return false;
    }

    /// <summary>Runs the methods that have waited for one that has blocked this thread.</summary>
    private void RunBlocked()
    {
        while (_blocked.TakeNext() is { } call)
        {
            if (!_connection.IsClosed)
            {
                Run(call.Handler, call.Context, call.Arguments);
            }

            End(call);
        }
    }

    private void End(BackloggedCall call)
    {
        _limits.ReleaseRequest(call.Bytes);
        EndCountingApart(call.Context);
    }

    private void Refuse(ulong requestId, in InvokeMethodBody invoke, bool hasService, ServiceMethod? method)
    {
        CallStatus status =
            _counts.IsStopping ? new CallStatus(IpcStatusCode.Unavailable, HostConnection.Stopping)
            : hasService ? new CallStatus(IpcStatusCode.Unimplemented, "There is no such method.")
            : new CallStatus(IpcStatusCode.Unimplemented, "There is no such service.");
        if (CallMetrics.MeasuresServer)
        {
            CallMetrics.RecordRefused(method?.RpcName ?? RpcAttributes.OtherMethod, status.Code, _connection.Server);
        }

        _connection.LogRefused(requestId, status.Message);
        if (!invoke.DropReply)
        {
            _connection.Fail(requestId, status);
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
        return methods[index] ??= new MethodContext(_connection.Client, method.Name, _connection, method, _observer);
    }
}
