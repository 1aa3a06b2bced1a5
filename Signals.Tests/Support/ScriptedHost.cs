using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Support;

/// <summary>The host's end of a socket in the hands of a test, which reads and writes frames one by one with the generated classes.</summary>
internal sealed class ScriptedHost : IDisposable
{
    internal const uint ServiceId = 7;

    private readonly Socket _listener;
    private Socket? _client;

    internal ScriptedHost(IpcEndpoint endpoint)
    {
        _listener = endpoint.CreateSocket();
        _listener.Bind(endpoint.ToEndPoint());
        _listener.Listen(16);
    }

    /// <summary>The connection that was accepted last.</summary>
    internal Socket Client => _client ?? throw new InvalidOperationException("Nobody has been accepted yet.");

    internal async Task AcceptAsync() => _client = await _listener.AcceptAsync().Within("a connection");

    internal bool HasWaitingConnection => _listener.Poll(0, SelectMode.SelectRead);

    internal async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            int received = await Client.ReceiveAsync(bytes.AsMemory(read), SocketFlags.None).Within("the client's bytes");
            if (received == 0)
            {
                throw new EndOfStreamException($"The client hung up after {read} of {count} bytes.");
            }

            read += received;
        }

        return bytes;
    }

    internal async Task<IPCFrame> ReadFrameAsync()
    {
        int size = BinaryPrimitives.ReadInt32LittleEndian(await ReadAsync(4));
        return IPCFrame.Parser.ParseFrom(await ReadAsync(size));
    }

    internal async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await Client.SendAsync(bytes, SocketFlags.None).Within("sending")..];
        }
    }

    internal Task SendAsync(params IPCFrame[] frames) => SendAsync(frames.SelectMany(Encode).ToArray());

    /// <summary>Replies to a request for the Greeter service. Its methods have the numbers 11, 12, …, which no client can guess.</summary>
    internal async Task<IPCFrame> ReplyToBindAsync(uint serviceId = ServiceId)
    {
        IPCFrame request = await ReadFrameAsync();
        await SendAsync(BindReply(request.RequestId, serviceId));
        return request;
    }

    internal static IPCFrame BindReply(ulong requestId, uint serviceId = ServiceId) =>
        new()
        {
            RequestId = requestId,
            MsgBindServiceReply = new IPCFrame.Types.BindServiceReply
            {
                Success = true,
                ServiceId = serviceId,
                Methods =
                {
                    new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 13, Name = "WatchGreetings" },
                    new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 12, Name = "WaveGoodbye" },
                    new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 11, Name = "SayHello" },
                    new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 14, Name = "OfANewerVersion" },
                },
            },
        };

    internal static IPCFrame Reply(ulong requestId, string? message, bool hasMore = false, bool success = true)
    {
        var reply = new IPCFrame.Types.InvokeMethodReply { Success = success, HasMore = hasMore };
        if (message is not null)
        {
            reply.ReplyProto = new GreeterReplyMsg { Message = message }.ToByteString();
        }

        return new IPCFrame { RequestId = requestId, MsgInvokeMethodReply = reply };
    }

    internal static byte[] Encode(IPCFrame frame)
    {
        byte[] bytes = new byte[4 + frame.CalculateSize()];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - 4);
        frame.WriteTo(bytes.AsSpan(4));
        return bytes;
    }

    /// <summary>Hangs up, as a process that was killed.</summary>
    internal void HangUp() => Client.Dispose();

    public void Dispose()
    {
        // In this order: a client that reconnects immediately must not find a host.
        _listener.Dispose();
        _client?.Dispose();
    }
}
