using Signals.Ipc;

namespace Greeter;

/// <summary>The service that the host offers: one method for each rpc of the .proto.</summary>
internal sealed class GreeterService : Service
{
    internal const int GreetingCount = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly TimeProvider _clock;

    internal GreeterService(TimeProvider clock)
        : base(GreeterReflection.Descriptor.Services[0])
    {
        _clock = clock;
        Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
        Unary<GreeterRequestMsg, GreeterReplyMsg>(WaveGoodbye);
        Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
    }

    private GreeterReplyMsg SayHello(GreeterRequestMsg request, CallContext context) => new() { Message = $"Hello {request.Name}" };

    private GreeterReplyMsg WaveGoodbye(GreeterRequestMsg request, CallContext context) => new() { Message = $"Goodbye {request.Name}" };

    private async IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
    {
        for (int i = 0; i < GreetingCount; i++)
        {
            if (i > 0)
            {
                await Task.Delay(Pause, _clock, context.CancellationToken);
            }

            yield return SayHello(request, context);
        }
    }
}
