using System.Net.Sockets;
using Greeter;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Signals.Benchmarks.Ipc.Peers;

/// <summary>A client of gRPC, with a connection of its own.</summary>
internal sealed class GrpcEchoClient : EchoClient, ICancelingClient
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    private GrpcEchoClient(GrpcChannel channel)
    {
        _channel = channel;
        _invoker = channel.CreateCallInvoker();
    }

    internal static Task<EchoClient> ConnectAsync(string path)
    {
        var endPoint = new UnixDomainSocketEndPoint(path);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(endPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        return Task.FromResult<EchoClient>(new GrpcEchoClient(channel));
    }

    internal override async Task CallOnceAsync(string text)
    {
        using AsyncUnaryCall<GreeterReplyMsg> call = _invoker.AsyncUnaryCall(GrpcEcho.SayHello, null, default, new GreeterRequestMsg { Name = text });
        Require((await call).Message == text);
    }

    internal override async Task SendAsync(string text, int count)
    {
        using AsyncClientStreamingCall<GreeterRequestMsg, GreeterReplyMsg> call = _invoker.AsyncClientStreamingCall(GrpcEcho.SendHellos, null, default);
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        var request = new GreeterRequestMsg { Name = text };
        for (int i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        Require((await call).Message == EchoText.OfNumber(count));
    }

    internal override async Task WatchAsync(int count)
    {
        var request = new GreeterRequestMsg { Name = EchoText.OfNumber(count) };
        using AsyncServerStreamingCall<GreeterReplyMsg> call = _invoker.AsyncServerStreamingCall(GrpcEcho.WatchGreetings, null, default, request);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            Require(call.ResponseStream.Current.Message == request.Name);
            count--;
        }

        Require(count == 0);
    }

    public async Task CancelOnceAsync()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new CallOptions(cancellationToken: cancellation.Token);
        using AsyncUnaryCall<GreeterReplyMsg> call = _invoker.AsyncUnaryCall(GrpcEcho.WaveGoodbye, null, options, new GreeterRequestMsg());
        cancellation.Cancel();
        await RequireCanceledAsync<RpcException>(call.ResponseAsync);
    }

    public async Task LeaveOnceAsync()
    {
        var request = new GreeterRequestMsg { Name = EchoText.OfNumber(EchoText.Endless) };
        using AsyncServerStreamingCall<GreeterReplyMsg> call = _invoker.AsyncServerStreamingCall(GrpcEcho.WatchGreetings, null, default, request);
        Require(await call.ResponseStream.MoveNext(CancellationToken.None));
    }

    /// <summary>Makes calls with a deadline.</summary>
    internal Task<long> CallWithDeadlineAsync(Turn turn, string text) =>
        CallInTurnAsync(_invoker, turn, text, static () => new CallOptions(deadline: DateTime.UtcNow.AddMinutes(1)));

    /// <summary>Makes calls through an interceptor that does nothing.</summary>
    internal Task<long> CallInterceptedAsync(Turn turn, string text) =>
        CallInTurnAsync(_invoker.Intercept(new PassingInterceptor()), turn, text, static () => default);

    public override ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<long> CallInTurnAsync(Turn turn, string text) => CallInTurnAsync(_invoker, turn, text, static () => default);

    private static async Task<long> CallInTurnAsync(CallInvoker invoker, Turn turn, string text, Func<CallOptions> options)
    {
        var request = new GreeterRequestMsg { Name = text };
        long count = 0;
        for (; !turn.IsOver; count++)
        {
            using AsyncUnaryCall<GreeterReplyMsg> call = invoker.AsyncUnaryCall(GrpcEcho.SayHello, null, options(), request);
            Require((await call).Message == text);
        }

        return count;
    }

    private sealed class PassingInterceptor : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation
        ) => continuation(request, context);
    }
}
