using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The client's side of the service of samples/Greeter.</summary>
internal sealed class GreeterProxy() : ServiceProxy(GreeterReflection.Descriptor.Services[0])
{
    internal Task<GreeterReplyMsg> SayHelloAsync(GreeterRequestMsg request) => CallAsync<GreeterReplyMsg>(request);

    internal Task<GreeterReplyMsg> WaveGoodbyeAsync(GreeterRequestMsg request) => CallAsync<GreeterReplyMsg>(request);

    internal IAsyncEnumerable<GreeterReplyMsg> WatchGreetingsAsync(GreeterRequestMsg request) => StreamAsync<GreeterReplyMsg>(request);

    internal ValueTask SendHelloAsync(GreeterRequestMsg request) => SendAsync(request, method: "SayHello");
}
