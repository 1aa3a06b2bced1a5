using System.Diagnostics;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc.Services;

/// <summary>A call of a host that is observed, from its beginning to its disposal.</summary>
internal sealed class ObservedCall : IDisposable
{
    private readonly CallObserver _observer;
    private readonly CallContext _context;
    private readonly InterceptedCall _call;
    private readonly InterceptorChain _chain;
    private readonly Activity? _activity;
    private readonly ServerAddress? _server;

    internal ObservedCall(CallObserver observer, in IncomingCall call, Activity? activity)
    {
        _observer = observer;
        _context = call.Context;
        _activity = activity;
        _server = call.Caller.Server;
        _call = new InterceptedCall(_context.Method, _context, call.Caller.Time);
        _chain = observer.ChainOf(_call, _context.Method);
    }

    /// <summary>Runs a method that has one reply.</summary>
    internal async ValueTask<TReply> CallAsync<TRequest, TReply>(TRequest request, Func<TRequest, CallContext, ValueTask<TReply>> method)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        return (TReply)await _chain.InvokeAsync(request, RunAsync).ConfigureAwait(false);

        async ValueTask<IMessage> RunAsync(IMessage message) =>
            await method((TRequest)message, _context).ConfigureAwait(false) ?? throw UnaryHandler<TRequest, TReply>.NoReply(_context);
    }

    /// <summary>Runs a method that has a stream of replies.</summary>
    internal async IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        TRequest request,
        Func<TRequest, CallContext, IAsyncEnumerable<TReply>> method,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        IAsyncEnumerable<IMessage> replies = _chain.StreamAsync(request, Run, cancellationToken: cancellationToken);
        await foreach (IMessage reply in replies.ConfigureAwait(false))
        {
            yield return (TReply)reply;
        }

        IAsyncEnumerable<IMessage> Run(IMessage message) =>
            method((TRequest)message, _context) ?? throw StreamHandler<TRequest, TReply>.NoStream(_context);
    }

    /// <summary>Ends a call that did not pass through interceptors.</summary>
    internal void End(Exception? failure)
    {
        if (failure is null)
        {
            _call.OnSucceeded();
        }
        else
        {
            _call.OnFailed(failure);
        }

        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IpcStatusCode status = _call.StatusCode ?? IpcStatusCode.Cancelled;
        CallTracing.Stop(_activity, status);
        _observer.OnEnded(_context, _call, status, _server);
    }
}
