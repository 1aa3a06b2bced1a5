using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>Replies like the Greeter of samples/Greeter, without its pauses.</summary>
internal sealed class GreetingService : Service
{
    internal const string Hello = "Hello ";

    private const int Greetings = 3;

    internal GreetingService()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
        Unary<GreeterRequestMsg, GreeterReplyMsg>(WaveGoodbye);
        Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
    }

    private GreeterReplyMsg SayHello(GreeterRequestMsg request, CallContext context) => new() { Message = Hello + request.Name };

    private GreeterReplyMsg WaveGoodbye(GreeterRequestMsg request, CallContext context) => new() { Message = $"Goodbye {request.Name}" };

    private IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context) =>
        Enumerable.Range(0, Greetings).Select(_ => SayHello(request, context)).ToAsyncEnumerable();
}
