using Google.Protobuf.Reflection;
using Signals.Ipc;

namespace Signals.Tool.Hosts;

/// <summary>A proxy by which one method can be called with encoded messages.</summary>
internal sealed class RawProxy : ServiceProxy
{
    private readonly RpcMethod<RawMessage, RawMessage> _method;

    internal RawProxy(MethodDescriptor method)
        : this(RawService.Of(method), method.Name) { }

    private RawProxy(ServiceDescriptor service, string method)
        : base(service) => _method = new RpcMethod<RawMessage, RawMessage>(service, method);

    internal async Task<ReadOnlyMemory<byte>> CallAsync(byte[] request, CallOptions options, CancellationToken cancellationToken)
    {
        RawMessage reply = await Invoker.CallAsync(_method, new RawMessage(request), options, cancellationToken).ConfigureAwait(false);
        return reply.Bytes;
    }

    internal IAsyncEnumerable<RawMessage> StreamAsync(byte[] request, CallOptions options, CancellationToken cancellationToken) =>
        Invoker.StreamAsync(_method, new RawMessage(request), options, cancellationToken);
}
