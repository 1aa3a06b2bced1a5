using System.Diagnostics;
using Signals.Ipc;
using Signals.Tests.Support;

namespace Signals.Tests.HostingPeer;

/// <summary>Says hello when the host begins to stop, and goodbye at once.</summary>
internal sealed class WaitingGreeter : Service
{
    public WaitingGreeter()
        : base(GreeterReflection.Descriptor.Services[0])
    {
        Unary<GreeterRequestMsg, GreeterReplyMsg>(SayHello);
        Unary<GreeterRequestMsg, GreeterReplyMsg>((request, _) => new GreeterReplyMsg { Message = $"Goodbye {request.Name}" }, "WaveGoodbye");
        Stream<GreeterRequestMsg, GreeterReplyMsg>(WatchGreetings);
    }

    /// <summary>Tells the trace and the parent of the current activity, once.</summary>
    private static async IAsyncEnumerable<GreeterReplyMsg> WatchGreetings(GreeterRequestMsg request, CallContext context)
    {
        await Task.Yield();
        yield return new GreeterReplyMsg { Message = $"{Activity.Current?.TraceId} {Activity.Current?.ParentSpanId}" };
    }

    private async ValueTask<GreeterReplyMsg> SayHello(GreeterRequestMsg request, CallContext context)
    {
        var stopping = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = context.HostStopping.Register(stopping.SetResult);
        await stopping.Task;
        return new GreeterReplyMsg { Message = $"Hello {request.Name}" };
    }
}
