using Signals.Ipc;

namespace Greeter;

/// <summary>The service as a client sees it: one line for each rpc of the .proto.</summary>
internal sealed class GreeterProxy() : ServiceProxy(GreeterReflection.Descriptor.Services[0])
{
    internal Task<GreeterReplyMsg> SayHelloAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
        CallAsync<GreeterReplyMsg>(request, cancellationToken);

    internal Task<GreeterReplyMsg> WaveGoodbyeAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
        CallAsync<GreeterReplyMsg>(request, cancellationToken);

    internal IAsyncEnumerable<GreeterReplyMsg> WatchGreetingsAsync(GreeterRequestMsg request, CancellationToken cancellationToken = default) =>
        StreamAsync<GreeterReplyMsg>(request, cancellationToken);
}
