using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of replies, which each enumeration makes again.</summary>
internal sealed class StreamCall<TReply>(ServiceProxy proxy, ServiceMethod method, IMessage request, CallOptions? options, CancellationToken ofCall)
    : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        ServiceBinding binding = proxy.RequireBinding();
        uint methodId = binding.MethodIdOf(method);
        PendingStream<TReply> stream;
        try
        {
            using EncodedMessage arguments = binding.Connection.Encode(request);
            stream = new PendingStream<TReply>(
                binding,
                method,
                new UnsentRequest(methodId, arguments),
                binding.Connection.DetailsOf(options, isStream: true)
            );
            stream.CancelWith(ofCall, cancellationToken);
            binding.Connection.Begin(stream);
        }
        catch (Exception exception)
        {
            // The message could not be encoded. The enumeration throws.
            stream = new PendingStream<TReply>(binding, method, default);
            stream.Fail(exception);
        }

        return stream;
    }
}
