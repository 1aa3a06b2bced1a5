using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A service that hands the writers of its stream to the test. Its other methods only greet.</summary>
internal sealed class ManualGreeter : Service
{
    internal ManualGreeter()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>((request, _) => ScriptedGreeter.Reply($"Hello {request.Name}"), "SayHello");
        Unary<GreeterRequestMsg, GreeterReplyMsg>((request, _) => Task.FromResult(ScriptedGreeter.Reply($"Goodbye {request.Name}")), "WaveGoodbye");
        Manual<GreeterRequestMsg, GreeterReplyMsg>((_, reply) => Watching.Emit(reply), "WatchGreetings");
    }

    internal Signal<ReplyWriter<GreeterReplyMsg>> Watching { get; } = new();
}
