using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Signals.Benchmarks.Remote;

/// <summary>The service of gRPC: gives the stream of its one client to the emitter.</summary>
/// <param name="emitter">The emitter.</param>
[BindServiceMethod(typeof(GrpcStreamService), nameof(BindService))]
internal class GrpcStreamService(GrpcEmitter emitter)
{
    /// <summary>Called by the server through reflection, with a null service, to find the methods.</summary>
    public static void BindService(ServiceBinderBase binder, GrpcStreamService? service) =>
        binder.AddMethod(GrpcStream.Watch, service is null ? null : service.Watch);

    /// <summary>Called by the server, which requires a virtual method.</summary>
    public virtual Task Watch(Empty request, IServerStreamWriter<BytesValue> values, ServerCallContext context) =>
        emitter.WatchAsync(values, context.CancellationToken);
}
