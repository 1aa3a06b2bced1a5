using Signals.Ipc;
using Signals.Tests.Support;

namespace Signals.Systematic.Support;

/// <summary>Service that counts its calls.</summary>
internal sealed class GreeterService : Service
{
    private int _calls;

    internal GreeterService()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>((_, _) => new ValueTask<GreeterReplyMsg>(Greet()), "SayHello");
        Unary<GreeterRequestMsg, GreeterReplyMsg>(async (_, _) => await Task.Run(() => Greet()), "WaveGoodbye");
        Manual<GreeterRequestMsg, GreeterReplyMsg>((_, replies) => replies.Complete(), "WatchGreetings");
    }

    /// <summary>Gets the number of calls that were carried out.</summary>
    internal int Calls => Volatile.Read(ref _calls);

    private GreeterReplyMsg Greet()
    {
        Interlocked.Increment(ref _calls);
        return new GreeterReplyMsg { Message = "hello" };
    }
}
