using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The client's side of the service of samples/Greeter.</summary>
internal sealed class GreeterProxy() : ServiceProxy(GreeterReflection.Descriptor.Services[0])
{
    private static readonly RpcMethod<GreeterRequestMsg, GreeterReplyMsg> SayHello = new(GreeterReflection.Descriptor.Services[0], "SayHello");

    internal Task<GreeterReplyMsg> SayHelloAsync(GreeterRequestMsg request) => CallAsync<GreeterReplyMsg>(request);

    internal Task<GreeterReplyMsg> SayHelloAsync(GreeterRequestMsg request, CallOptions options) => Invoker.CallAsync(SayHello, request, options);

    internal Task<GreeterReplyMsg> WaveGoodbyeAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
        CallAsync<GreeterReplyMsg>(request, cancellationToken);

    internal IAsyncEnumerable<GreeterReplyMsg> WatchGreetingsAsync(GreeterRequestMsg request) => StreamAsync<GreeterReplyMsg>(request);

    internal ValueTask SendHelloAsync(GreeterRequestMsg request) => SendAsync(request, method: "SayHello");
}
