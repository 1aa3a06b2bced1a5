using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of replies that is observed. Each enumeration makes it again.</summary>
internal sealed class ObservedStream<TReply>(
    ObservedCalls observed,
    ProxyInvoker invoker,
    ServiceMethod method,
    IMessage request,
    CallOptions? options,
    CancellationToken ofCall
) : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        observed.Intercepts
            ? observed.StreamAsync<TReply>(invoker, method, request, options, ofCall, cancellationToken)
            : observed.WatchStream<TReply>(invoker, method, request, options, ofCall, cancellationToken);
}
