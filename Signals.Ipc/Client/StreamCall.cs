using Google.Protobuf;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A call with a stream of answers that is made anew by each enumeration.</summary>
internal sealed class StreamCall<TReply>(ServiceProxy proxy, ServiceMethod method, IMessage request, CancellationToken ofCall) : IAsyncEnumerable<TReply>
    where TReply : class, IMessage<TReply>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<TReply> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        ServiceBinding binding = proxy.RequireBinding();
        var stream = new PendingStream<TReply>(binding, method, binding.MethodIdOf(method), request, binding.Connection.MaxBufferedStreamBytes);
        stream.CancelWith(ofCall, cancellationToken);
        binding.Connection.Begin(stream);
        return stream;
    }
}
