using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Services;

/// <summary>Runs the calls of a host that are observed: by interceptors, by its log, or by listeners of activities or durations.</summary>
internal sealed class CallObserver
{
    private readonly CallInterceptor[] _interceptors;

    /// <summary>The log of calls, or null if calls are not logged.</summary>
    private readonly ILogger? _log;

    private CallObserver(CallInterceptor[] interceptors, ILogger? log)
    {
        _interceptors = interceptors;
        _log = log;
    }

    /// <summary>Gets the observer of calls that only listeners of activities or durations observe.</summary>
    internal static CallObserver Listened { get; } = new([], log: null);

    /// <summary>Gets a value that indicates whether interceptors see the messages of the calls.</summary>
    internal bool Intercepts => _interceptors.Length != 0;

    /// <summary>Returns the observer for the calls of a connection, or null if neither interceptors nor the log observe them.</summary>
    internal static CallObserver? Of(IpcHostOptions options)
    {
        ILogger? log = options.Log.IsEnabled(LogLevel.Debug) ? options.Log : null;
        return options.InterceptorArray.Length == 0 && log is null ? null : new CallObserver(options.InterceptorArray, log);
    }

    /// <summary>Runs a method that has one reply.</summary>
    internal async ValueTask<TReply> CallAsync<TRequest, TReply>(
        IncomingCall call,
        TRequest request,
        Func<TRequest, CallContext, ValueTask<TReply>> method
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        using ObservedCall observed = Begin(call);
        return await observed.CallAsync(request, method).ConfigureAwait(false);
    }

    /// <summary>Begins a call. Its activity becomes the current one.</summary>
    internal ObservedCall Begin(in IncomingCall call)
    {
        CallContext context = call.Context;
        if (_log is not null)
        {
            CallLog.CallBegan(_log, context.Client.Id, context.Method.FullName, context.RequestId);
        }

        return new ObservedCall(this, call, CallTracing.IsListened ? CallTracing.StartServer(context.Method, context.Trace, call.Caller.Server) : null);
    }

    internal InterceptorChain ChainOf(InterceptedCall call, ServiceMethod method) => new(_interceptors, call, method);

    /// <summary>Logs and measures a call that has ended.</summary>
    internal void OnEnded(CallContext context, InterceptedCall call, IpcStatusCode status, ServerAddress? server)
    {
        if (CallMetrics.MeasuresServer)
        {
            CallMetrics.RecordServer(context.Method.RpcName, status, call.Duration, server);
        }

        if (_log is not null)
        {
            CallLog.CallEnded(_log, context.Client.Id, context.Method.FullName, context.RequestId, status, call.Duration.TotalMilliseconds);
        }
    }
}
