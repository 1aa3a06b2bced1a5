using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Signals.Benchmarks.Ipc;
using Signals.Ipc;
using Signals.Remote;
using StreamJsonRpc;

namespace Signals.Benchmarks.Remote;

/// <summary>Subscribes to the emitters of the compared libraries.</summary>
internal static class Subscribers
{
    /// <summary>Imports the signal with a client of its own, whose evaluator runs on the thread pool.</summary>
    internal static async Task<IAsyncDisposable> ImportAsync(string path, Receiver receiver, int subscriber = 0)
    {
        var client = new IpcClient(IpcEndpoint.Parse(path));
        client.Connect();
        RemoteSignal<Guid> values = client.Import<Guid>(SignalsEmitter.Name);
        values.Missed.Connect(gap => receiver.Fail(new InvalidOperationException($"Missed {gap.Count}: {gap.Cause}.")));
        values.Connect(value => receiver.OnValue(subscriber, StampedValue.Of(value)));
        await values.WaitUntilLiveAsync();
        return client;
    }

    /// <summary>Reads a raw socket.</summary>
    internal static Socket Read(string path, Receiver receiver)
    {
        Socket socket = RawSockets.Connect(path);
        _ = ReadAsync(socket, receiver);
        return socket;
    }

    /// <summary>Requests a server stream of gRPC.</summary>
    internal static IDisposable Watch(string path, Receiver receiver)
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
        _ = WatchAsync(channel, receiver);
        return channel;
    }

    /// <summary>Receives an event of StreamJsonRpc.</summary>
    internal static IDisposable Listen(string path, Receiver receiver)
    {
        JsonRpc connection = JsonRpcEmitter.Create(RawSockets.Connect(path));
        connection.AddLocalRpcMethod("Emitted", (byte[] value) => receiver.OnValue(0, StampedValue.Read(value)));
        connection.StartListening();
        return connection;
    }

    private static async Task ReadAsync(Socket socket, Receiver receiver)
    {
        byte[] bytes = new byte[StampedValue.Size];
        int received = 0;
        try
        {
            while (await socket.ReceiveAsync(bytes.AsMemory(received)) is var count && count != 0)
            {
                received += count;
                if (received == bytes.Length)
                {
                    receiver.OnValue(0, StampedValue.Read(bytes));
                    received = 0;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The comparison has ended.
        }
    }

    private static async Task WatchAsync(GrpcChannel channel, Receiver receiver)
    {
        try
        {
            using AsyncServerStreamingCall<BytesValue> call = channel
                .CreateCallInvoker()
                .AsyncServerStreamingCall(GrpcStream.Watch, null, default, new Empty());
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                receiver.OnValue(0, StampedValue.Read(call.ResponseStream.Current.Value.Span));
            }
        }
        catch (Exception exception) when (exception is RpcException or ObjectDisposedException)
        {
            // The comparison has ended.
        }
    }
}
