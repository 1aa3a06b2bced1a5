using System.Globalization;
using Greeter;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>
/// The measured service: SayHello replies with the name, WatchGreetings replies as often as the name specifies, and WaveGoodbye returns the
/// number of calls of SayHello since the last call of WaveGoodbye, but never if the name is empty.
/// </summary>
internal sealed class EchoService : Service
{
    private long _hellos;

    internal EchoService()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
        Unary<GreeterRequestMsg, GreeterReplyMsg>(WaveGoodbye);
        Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
    }

    private GreeterReplyMsg SayHello(GreeterRequestMsg request, CallContext context)
    {
        Interlocked.Increment(ref _hellos);
        return new GreeterReplyMsg { Message = request.Name };
    }

    private async ValueTask<GreeterReplyMsg> WaveGoodbye(GreeterRequestMsg request, CallContext context)
    {
        if (request.Name.Length == 0)
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }

        return new GreeterReplyMsg { Message = Interlocked.Exchange(ref _hellos, 0).ToString(CultureInfo.InvariantCulture) };
    }

    private IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
    {
        int count = int.Parse(request.Name, CultureInfo.InvariantCulture);
        return Enumerable.Repeat(new GreeterReplyMsg { Message = request.Name }, count).ToAsyncEnumerable();
    }
}
