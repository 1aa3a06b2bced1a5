using Signals.Ipc;

namespace Greeter;

internal sealed class GreeterService : GreeterBase
{
    public override ValueTask<GreeterReplyMsg> SayHello(GreeterRequestMsg request, CallContext context) =>
        new(new GreeterReplyMsg { Message = $"Hello {request.Name}" });
}
