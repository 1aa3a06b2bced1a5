using System.Runtime.ExceptionServices;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Client;

/// <summary>Makes the calls of a client that are observed: by interceptors, by its log, or by listeners of activities or durations.</summary>
internal sealed class ObservedCalls
{
    private readonly CallInterceptor[] _interceptors;

    /// <summary>The log of calls, or null if calls are not logged.</summary>
    private readonly ILogger? _log;

    private readonly long _clientId;

    private ObservedCalls(CallInterceptor[] interceptors, ILogger? log, long clientId)
    {
        _interceptors = interceptors;
        _log = log;
        _clientId = clientId;
    }

    /// <summary>Gets the object for calls that only listeners of activities or durations observe.</summary>
    internal static ObservedCalls Listened { get; } = new([], log: null, clientId: 0);

    /// <summary>Returns the object for the calls of a client, or null if neither interceptors nor its log observe them.</summary>
    internal static ObservedCalls? Of(IpcClientOptions options, long clientId)
    {
        ILogger? log = options.Log.IsEnabled(LogLevel.Debug) ? options.Log : null;
        return options.InterceptorArray.Length == 0 && log is null ? null : new ObservedCalls(options.InterceptorArray, log, clientId);
    }

    /// <summary>Gets a value that indicates whether interceptors see the messages of the calls.</summary>
    internal bool Intercepts => _interceptors.Length != 0;

    /// <summary>Makes a call that has one reply.</summary>
    internal async Task<TReply> CallAsync<TReply>(
        ProxyInvoker invoker,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply>
    {
        InterceptedCall call = Begin(invoker, method, isOneWay: false, options, cancellationToken);
        CallOptions rest = Rest(options);
        return (TReply)await RunAsync(call, method, request, SendAsync).ConfigureAwait(false);

        async ValueTask<IMessage> SendAsync(IMessage message) =>
            await invoker.BeginCallAsync<TReply>(method, message, rest, call.BeginSending(), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a call without a reply.</summary>
    internal async ValueTask SendAsync(
        ProxyInvoker invoker,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken cancellationToken
    )
    {
        InterceptedCall call = Begin(invoker, method, isOneWay: true, options, cancellationToken);
        CallOptions rest = Rest(options);
        await RunAsync(call, method, request, SendAsync).ConfigureAwait(false);

        async ValueTask<IMessage> SendAsync(IMessage message)
        {
            await invoker.BeginSendAsync(method, message, rest, call.BeginSending(), cancellationToken).ConfigureAwait(false);
            return new Empty();
        }
    }

    /// <summary>Runs a call through the interceptors. The caller gets the exceptions of the library, and not those that interceptors see.</summary>
    private async ValueTask<IMessage> RunAsync(InterceptedCall call, ServiceMethod method, IMessage request, Func<IMessage, ValueTask<IMessage>> target)
    {
        try
        {
            return await ChainOf(call, method).InvokeAsync(CopyOf(method, request), target).ConfigureAwait(false);
        }
        catch (IpcCallException exception) when (exception.Original is { } original)
        {
            ExceptionDispatchInfo.Throw(original);
            throw;
        }
        finally
        {
            OnEnded(call, method);
        }
    }

    /// <summary>Enumerates the replies of a call that is logged or traced only. It begins at once, as without observers.</summary>
    internal IAsyncEnumerator<TReply> WatchStream<TReply>(
        ProxyInvoker invoker,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken ofCall,
        CancellationToken ofEnumeration
    )
        where TReply : class, IMessage<TReply>
    {
        InterceptedCall call = Begin(invoker, method, isOneWay: false, options, ofCall);
        try
        {
            // A stream that waits for a connection may consist of several calls, so its enumerator is watched.
            bool isPlain = options is not ({ WaitForReady: true } or { Resume: true });
            CallDetails? details = call.BeginSending();
            IAsyncEnumerator<TReply> replies = invoker
                .BeginStream<TReply>(method, request, Rest(options), isPlain ? new WatchedDetails(details, call, End) : details, ofCall)
                .GetAsyncEnumerator(ofEnumeration);
            return isPlain ? replies : new WatchedStream<TReply>(replies, call, End);
        }
        catch (Exception exception)
        {
            call.OnFailed(exception);
            End();
            throw;
        }

        void End() => OnEnded(call, method);
    }

    /// <summary>Enumerates the replies of a call that has a stream of them.</summary>
    internal async IAsyncEnumerator<TReply> StreamAsync<TReply>(
        ProxyInvoker invoker,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken ofCall,
        CancellationToken ofEnumeration
    )
        where TReply : class, IMessage<TReply>
    {
        using var tokens = new CallTokens(ofCall, ofEnumeration);
        InterceptedCall call = Begin(invoker, method, isOneWay: false, options, tokens.Token);
        CallOptions rest = Rest(options);
        IAsyncEnumerator<IMessage> replies = ChainOf(call, method).StreamAsync(CopyOf(method, request), Open).GetAsyncEnumerator(tokens.Token);
        try
        {
            while (true)
            {
                try
                {
                    if (!await replies.MoveNextAsync().ConfigureAwait(false))
                    {
                        break;
                    }
                }
                catch (IpcCallException exception) when (exception.Original is { } original)
                {
                    ExceptionDispatchInfo.Throw(tokens.Translate(original));
                    throw;
                }

                yield return (TReply)replies.Current;
            }
        }
        finally
        {
            await replies.DisposeAsync().ConfigureAwait(false);
            OnEnded(call, method);
        }

        IAsyncEnumerable<IMessage> Open(IMessage message) =>
            invoker.BeginStream<TReply>(method, message, rest, call.BeginSending(), call.CancellationToken);
    }

    /// <summary>Returns the options of a call without its time limit and its headers, which are read once and which interceptors may change.</summary>
    private static CallOptions Rest(CallOptions? options) =>
        options is { WaitForReady: true } or { Resume: true }
            ? new CallOptions
            {
                Timeout = Timeout.InfiniteTimeSpan,
                WaitForReady = options.WaitForReady,
                Resume = options.Resume,
            }
            : ProxyInvoker.NoMore;

    private InterceptorChain ChainOf(InterceptedCall call, ServiceMethod method) => new(_interceptors, call, method);

    private InterceptedCall Begin(ProxyInvoker invoker, ServiceMethod method, bool isOneWay, CallOptions? options, CancellationToken cancellationToken)
    {
        bool isLimited = !method.IsStreaming && (!isOneWay || options is { WaitForReady: true });
        TimeSpan limit = isLimited ? invoker.CallTimeout : Timeout.InfiniteTimeSpan;
        var call = new InterceptedCall(method, isOneWay, options, limit, invoker.Time, cancellationToken) { Server = invoker.Server };
        if (_log is not null)
        {
            ClientLog.CallBegan(_log, _clientId, method.FullName);
        }

        return call;
    }

    /// <summary>Logs and measures a call that has ended.</summary>
    private void OnEnded(InterceptedCall call, ServiceMethod method)
    {
        IpcStatusCode status = call.StatusCode ?? IpcStatusCode.Cancelled;
        if (CallMetrics.MeasuresClient)
        {
            CallMetrics.RecordClient(method, status, call.Duration, call.Server);
        }

        if (_log is not null)
        {
            ClientLog.CallEnded(_log, _clientId, method.FullName, status, call.Duration.TotalMilliseconds);
        }
    }

    /// <summary>Returns the message that interceptors see. Without them, it is encoded before the caller can change it.</summary>
    private IMessage CopyOf(ServiceMethod method, IMessage request) => _interceptors.Length == 0 ? request : ProxyInvoker.Copy(method, request);
}
