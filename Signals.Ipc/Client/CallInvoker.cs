using Google.Protobuf;

namespace Signals.Ipc;

/// <summary>
/// Makes the calls of a proxy. All calls go through it: those of generated and of hand-written proxies. Thread-safe. A test of a proxy may derive a
/// class that replies without a host.
/// </summary>
public abstract class CallInvoker
{
    /// <summary>Calls a method that has one reply.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send. It may be reused once this method has returned.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="cancellationToken">A token that cancels the call: the wait ends at once, and the host cancels the call.</param>
    /// <returns>
    /// A task that completes with the reply. It fails with <see cref="IpcCallException"/> if the service did not carry out the call, with
    /// <see cref="IpcDisconnectedException"/> if there is no connection or it was lost, with <see cref="TimeoutException"/> when the time limit is over,
    /// with <see cref="ArgumentException"/> if a header is not valid, and with <see cref="IpcException"/> if the message is too large.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException">The method belongs to another service, or returns a stream.</exception>
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
    /// <param name="request">The message to send, which each enumeration encodes when it begins.</param>
    /// <param name="options">The options of the call, or null for the defaults.</param>
    /// <param name="cancellationToken">
    /// A token that cancels the call: the enumeration ends at once, and the host cancels the call, as when the enumeration is left early.
    /// </param>
    /// <returns>The replies. Their enumeration throws the exceptions with which <see cref="CallAsync"/> fails.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException">The method belongs to another service, or returns a single reply.</exception>
    public abstract IAsyncEnumerable<TReply> StreamAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>;

    /// <summary>Calls a method and informs the service that no reply is wanted, not even if the call fails.</summary>
    /// <typeparam name="TRequest">The type of the request.</typeparam>
    /// <typeparam name="TReply">The type of the reply that is not wanted.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="options">The options of the call, or null for the defaults. The time limit only informs the service.</param>
    /// <param name="cancellationToken">A token that ends the wait for room in the send buffer. A call that was accepted is sent.</param>
    /// <returns>
    /// A task that completes when the message has been accepted: at once, unless <see cref="IpcClientOptions.MaxUnsentBytes"/> are already waiting.
    /// It fails with <see cref="IpcDisconnectedException"/> if there is no connection.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="method"/> or <paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentException">The method belongs to another service.</exception>
    public abstract ValueTask SendAsync<TRequest, TReply>(
        RpcMethod<TRequest, TReply> method,
        TRequest request,
        CallOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TRequest : class, IMessage<TRequest>
        where TReply : class, IMessage<TReply>;
}
