using Signals.Ipc;

namespace Greeter;

/// <summary>The service that the host offers. GreeterBase, which the build generates from the .proto, has an abstract method for each rpc.</summary>
internal sealed class GreeterService(TimeProvider clock) : GreeterBase
{
    internal const int GreetingCount = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public override ValueTask<GreeterReplyMsg> SayHello(GreeterRequestMsg request, CallContext context) => new(Hello(request));

    public override ValueTask<GreeterReplyMsg> WaveGoodbye(GreeterRequestMsg request, CallContext context) =>
        new(new GreeterReplyMsg { Message = $"Goodbye {request.Name}" });

    public override async IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
    {
        for (int i = 0; i < GreetingCount; i++)
        {
            if (i > 0)
            {
                await Task.Delay(Pause, clock, context.CancellationToken);
            }

            yield return Hello(request);
        }
    }

    private static GreeterReplyMsg Hello(GreeterRequestMsg request) => new() { Message = $"Hello {request.Name}" };
}
