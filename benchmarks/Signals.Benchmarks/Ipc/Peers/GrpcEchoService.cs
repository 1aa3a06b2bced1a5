using System.Globalization;
using Greeter;
using Grpc.Core;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>The measured service of gRPC. Its methods do the same as those of <see cref="EchoService"/>. The server finds only virtual ones.</summary>
[BindServiceMethod(typeof(GrpcEchoService), nameof(BindService))]
internal class GrpcEchoService
{
    /// <summary>Called by the server through reflection, with a null service, to find the methods.</summary>
    public static void BindService(ServiceBinderBase binder, GrpcEchoService? service)
    {
        binder.AddMethod(GrpcEcho.SayHello, service is null ? null : service.SayHello);
        binder.AddMethod(GrpcEcho.WaveGoodbye, service is null ? null : service.WaveGoodbye);
        binder.AddMethod(GrpcEcho.SendHellos, service is null ? null : service.SendHellos);
        binder.AddMethod(GrpcEcho.WatchGreetings, service is null ? null : service.WatchGreetings);
    }

    public virtual Task<GreeterReplyMsg> SayHello(GreeterRequestMsg request, ServerCallContext context) =>
        Task.FromResult(new GreeterReplyMsg { Message = request.Name });

    /// <summary>Never completes.</summary>
    public virtual async Task<GreeterReplyMsg> WaveGoodbye(GreeterRequestMsg request, ServerCallContext context)
    {
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return new GreeterReplyMsg();
    }

    public virtual async Task<GreeterReplyMsg> SendHellos(IAsyncStreamReader<GreeterRequestMsg> requests, ServerCallContext context)
    {
        int count = 0;
        while (await requests.MoveNext(context.CancellationToken))
        {
            count++;
        }

        return new GreeterReplyMsg { Message = EchoText.OfNumber(count) };
    }

    public virtual async Task WatchGreetings(GreeterRequestMsg request, IServerStreamWriter<GreeterReplyMsg> replies, ServerCallContext context)
    {
        // A stream that does not end flushes each message. Otherwise, flushing at the end is faster.
        int count = int.Parse(request.Name, CultureInfo.InvariantCulture);
        replies.WriteOptions = new WriteOptions(count == EchoText.Endless ? 0 : WriteFlags.BufferHint);
        var reply = new GreeterReplyMsg { Message = request.Name };
        for (int i = 0; i < count && !context.CancellationToken.IsCancellationRequested; i++)
        {
            await replies.WriteAsync(reply);
        }
    }
}
