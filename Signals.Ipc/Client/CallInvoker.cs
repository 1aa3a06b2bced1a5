using Google.Protobuf;

namespace Signals.Ipc;

/// <summary>Makes the calls of a proxy.</summary>
public abstract class CallInvoker
{
    /// <summary>Calls a method that has one reply.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="cancellationToken">A token that ends the call.</param>
    /// <returns>A task that completes with the reply.</returns>
    public abstract Task<TReply> CallAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>;

    /// <summary>Calls a method that has a stream of replies. Each enumeration makes a new call when it begins.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the replies.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="cancellationToken">A token that ends the call.</param>
    /// <returns>The replies.</returns>
    public abstract IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>;

    /// <summary>Calls a method and informs the service that no reply is wanted.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="cancellationToken">A token that ends the wait for room in the send buffer.</param>
    /// <returns>A task that completes when the message has been accepted.</returns>
    public abstract ValueTask SendAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>;
}
