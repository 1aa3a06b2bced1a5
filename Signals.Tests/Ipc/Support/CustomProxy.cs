using Signals.Ipc;

namespace Signals.Tests.Ipc.Support;

/// <summary>A proxy for the service whose messages are handwritten.</summary>
internal sealed class CustomProxy() : ServiceProxy(CustomMessage.Service)
{
    internal Task<CustomMessage> SayHelloAsync(CustomMessage request) => CallAsync<CustomMessage>(request);

    internal IAsyncEnumerable<CustomMessage> WatchGreetings(CustomMessage request) => StreamAsync<CustomMessage>(request);

    internal ValueTask Tell(CustomMessage request) => SendAsync(request, method: "SayHello");
}
