using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A service whose methods a test may replace. On the wire: 1 SayHello, 2 WaveGoodbye, 3 WatchGreetings.</summary>
internal sealed class ScriptedGreeter : Service
{
    internal ScriptedGreeter()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
        Manual<GreeterRequestMsg, GreeterReplyMsg>(WaveGoodbye);
        Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
    }

    internal Func<GreeterRequestMsg, CallContext, ValueTask<GreeterReplyMsg>> OnHello { get; init; } =
        (request, _) => new ValueTask<GreeterReplyMsg>(Reply($"Hello {request.Name}"));

    internal Action<GreeterRequestMsg, ReplyWriter<GreeterReplyMsg>> OnGoodbye { get; init; } =
        (request, reply) => reply.Complete(Reply($"Goodbye {request.Name}"));

    internal Func<GreeterRequestMsg, CallContext, IAsyncEnumerable<GreeterReplyMsg>> OnWatch { get; init; } =
        (request, _) => Enumerable.Range(1, 3).Select(number => Reply($"{request.Name} {number}")).ToAsyncEnumerable();

    internal static GreeterReplyMsg Reply(string message) => new() { Message = message };

    private ValueTask<GreeterReplyMsg> SayHello(GreeterRequestMsg request, CallContext context) => OnHello(request, context);

    private void WaveGoodbye(GreeterRequestMsg request, ReplyWriter<GreeterReplyMsg> reply) => OnGoodbye(request, reply);

    private IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context) => OnWatch(request, context);
}
