using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of replies, which each enumeration makes again.</summary>
internal sealed class StreamCall<TReply>(
    ServiceProxy proxy,
    ServiceMethod method,
    IMessage request,
    CallOptions? options,
    CallDetails? details,
    CancellationToken ofCall
) : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Begin(proxy, method, request, options, details, ofCall, cancellationToken);

    /// <summary>Begins a call. An error of the message or of the headers fails it, and the enumeration throws.</summary>
    /// <exception cref="IpcException">There is no connection, or the host does not have the method.</exception>
    internal static PendingStream<TReply> Begin(
        ServiceProxy proxy,
        ServiceMethod method,
        IMessage request,
        CallOptions? options,
        CallDetails? details,
        CancellationToken ofCall,
        CancellationToken ofEnumeration
    )
    {
        ServiceBinding binding = proxy.RequireBinding();
        uint methodId = binding.MethodIdOf(method);
        PendingStream<TReply> stream;
        try
        {
            using EncodedMessage arguments = binding.Calls.Encode(request);
            details ??= CallDetails.Of(options, Timeout.InfiniteTimeSpan, binding.Connection.Options.Time);
            stream = new PendingStream<TReply>(binding, method, new UnsentRequest(methodId, arguments), details);
            stream.CancelWith(ofCall, ofEnumeration);
            binding.Calls.Begin(stream);
        }
        catch (Exception exception)
        {
            // The message could not be encoded, or a header is not valid.
            stream = new PendingStream<TReply>(binding, method, default, details);
            stream.Fail(exception);
        }

        return stream;
    }
}
