using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>Makes calls over the connection to which a proxy is bound.</summary>
internal sealed class ProxyInvoker(ServiceProxy proxy) : CallInvoker
{
    /// <inheritdoc/>
    public override Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => CallAsync<TReply>(Check(method, request, isStreaming: false), request, options, cancellationToken);

    /// <inheritdoc/>
    public override IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => StreamAsync<TReply>(Check(method, request, isStreaming: true), request, options, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask SendAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => SendAsync(Check(method, request, isStreaming: null), request, options, cancellationToken);

    internal Task<TReply> CallAsync<TReply>(ServiceMethod method, IMessage request, CallOptions? options, CancellationToken cancellationToken)
        where TReply : class, IMessage<TReply>
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TReply>(cancellationToken);
        }

        if (options is { WaitForReady: true } && !proxy.IsReady)
        {
            return CallWhenReadyAsync<TReply>(method, request, options, cancellationToken);
        }

        try
        {
            ServiceBinding binding = proxy.RequireBinding();
            return binding.Connection.CallAsync<TReply>(binding, method, request, options, cancellationToken);
        }
        catch (IpcException exception)
        {
            return Task.FromException<TReply>(exception);
        }
    }

    internal IAsyncEnumerable<TReply> StreamAsync<TReply>(
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CancellationToken cancellationToken
    )
        where TReply : class, IMessage<TReply> =>
        options is { WaitForReady: true } or { Resume: true }
            ? new ReadyStreamCall<TReply>(proxy, method, request, options, cancellationToken)
            : new StreamCall<TReply>(proxy, method, request, options, cancellationToken);

    internal ValueTask SendAsync(ServiceMethod method, IMessage request, CallOptions? options, CancellationToken cancellationToken)
    {
        if (options is { WaitForReady: true } && !proxy.IsReady)
        {
            return SendWhenReadyAsync(method, request, options, cancellationToken);
        }

        try
        {
            ServiceBinding binding = proxy.RequireBinding();
            return binding.Connection.SendAsync(binding, method, request, options, cancellationToken);
        }
        catch (IpcException exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private async Task<TReply> CallWhenReadyAsync<TReply>(ServiceMethod method, IMessage request, CallOptions options, CancellationToken cancellationToken)
        where TReply : class, IMessage<TReply>
    {
        var limit = new ReadyWait(proxy, method, options);

        // A copy: the caller may change the message as soon as this method has returned.
        request = (IMessage)method.RequestParser.ParseFrom(request.ToByteArray());
        ServiceBinding binding = await limit.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await binding.Connection.CallAsync<TReply>(binding, method, request, limit.GetOptions(), cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask SendWhenReadyAsync(ServiceMethod method, IMessage request, CallOptions options, CancellationToken cancellationToken)
    {
        var limit = new ReadyWait(proxy, method, options);

        // A copy: the caller may change the message as soon as this method has returned.
        request = (IMessage)method.RequestParser.ParseFrom(request.ToByteArray());
        ServiceBinding binding = await limit.WaitAsync(cancellationToken).ConfigureAwait(false);
        await binding.Connection.SendAsync(binding, method, request, limit.GetOptions(), cancellationToken).ConfigureAwait(false);
    }

    private ServiceMethod Check<TRequest, TReply>(RpcMethod<TRequest, TReply> method, TRequest request, bool? isStreaming)
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        if (method.Table != proxy.Methods)
        {
            throw new ArgumentException($"{method.Method.FullName} is not an rpc of {proxy.Methods.ServiceName}.", nameof(method));
        }

        return isStreaming is null || isStreaming == method.IsStreaming
            ? method.Method
            : throw new ArgumentException(
                method.IsStreaming
                    ? $"{method.Method.FullName} returns a stream. Call it with {nameof(StreamAsync)}."
                    : $"{method.Method.FullName} returns a single reply. Call it with {nameof(CallAsync)}.",
                nameof(method)
            );
    }
}
