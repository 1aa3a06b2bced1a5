using Signals.Ipc;

namespace Signals.Tests.Hosting.Support;

/// <summary>A service that the container creates.</summary>
internal sealed class CountingGreeter : Service
{
    public CountingGreeter(GuestList guests)
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>(
            (request, _) => ScriptedGreeter.Reply($"Hello {request.Name}, guest {guests.Add(request.Name)}"),
            "SayHello"
        );
        Unary<GreeterRequestMsg, GreeterReplyMsg>((_, _) => ScriptedGreeter.Reply("Goodbye"), "WaveGoodbye");
        Stream<GreeterRequestMsg, GreeterReplyMsg>((_, _) => AsyncEnumerable.Empty<GreeterReplyMsg>(), "WatchGreetings");
    }
}
