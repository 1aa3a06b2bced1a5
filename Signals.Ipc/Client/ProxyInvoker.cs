namespace Signals.Ipc.Client;

/// <summary>Makes calls through the binding of a proxy.</summary>
internal sealed class ProxyInvoker(ServiceProxy proxy) : CallInvoker
{
    /// <inheritdoc/>
    public override Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => proxy.CallCheckedAsync<TReply>(method.Method, request, cancellationToken);

    /// <inheritdoc/>
    public override IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new StreamCall<TReply>(proxy, method.Method, request, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask SendAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    ) => proxy.SendCheckedAsync(method.Method, request, cancellationToken);
}
