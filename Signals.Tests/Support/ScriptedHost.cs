using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Transport;
using Signals.Ipc.Transport.Memory;
using Signals.Ipc.Transport.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Tests.Support;

/// <summary>The host's end of a connection in the hands of a test, which reads and writes frames one by one with the generated classes.</summary>
internal sealed class ScriptedHost : IDisposable
{
    internal const uint ServiceId = 7;
    internal const uint ControlId = 99;
    internal const uint PingId = 23;
    internal const uint PongId = 24;

    /// <summary>The socket that listens, or null at an in-memory endpoint.</summary>
    private readonly Socket? _listener;

    /// <summary>The clients at an in-memory endpoint, or null at another one.</summary>
    private readonly MemoryBacklog? _backlog;

    private IpcTransport? _transport;

    /// <param name="endpoint">The endpoint.</param>
    /// <param name="capacity">The number of unread bytes at which the sender at an in-memory endpoint waits.</param>
    internal ScriptedHost(IpcEndpoint endpoint, int capacity = MemoryTransport.DefaultCapacity)
    {
        if (endpoint.IsInMemory)
        {
            _backlog = new MemoryBacklog(endpoint, capacity);
            return;
        }

        _listener = endpoint.CreateSocket();
        _listener.Bind(endpoint.ToEndPoint());
        _listener.Listen(16);
    }

    /// <summary>The connection that was accepted last.</summary>
    internal IpcTransport Transport => _transport ?? throw new InvalidOperationException("Nobody has been accepted yet.");

    /// <summary>The socket of the connection that was accepted last, which is none of memory.</summary>
    internal Socket Client => ((SocketTransport)Transport).Socket;

    /// <summary>The number of bytes that the client has sent and the test has not read.</summary>
    internal int Available => Transport.Available;

    internal bool HasWaitingConnection => _backlog is { } backlog ? !backlog.IsEmpty : _listener!.Poll(0, SelectMode.SelectRead);

    internal async Task AcceptAsync() => _transport = await AcceptNextAsync().Within("a connection");

    internal async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            int received = await Transport.ReceiveAsync(bytes.AsMemory(read)).Within("the client's bytes");
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
            bytes = bytes[await Transport.SendAsync(bytes).Within("sending")..];
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

    /// <summary>A refusal of a service, as a host of this library sends it.</summary>
    internal static IPCFrame Refusal(ulong requestId) =>
        new()
        {
            RequestId = requestId,
            MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false, Control = true },
        };

    /// <summary>Replies to the request for the control service, whose methods have the numbers 21, 22, …, and returns the id of the call that watches.</summary>
    internal async Task<ulong> ReplyToControlAsync()
    {
        IPCFrame request = await ReadFrameAsync();
        if (request.MsgBindService?.ServiceName != "SignalsControl")
        {
            throw new InvalidOperationException($"The client did not bind the control service, but sent {request}.");
        }

        await SendAsync(
            new IPCFrame
            {
                RequestId = request.RequestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply
                {
                    Success = true,
                    ServiceId = ControlId,
                    Methods =
                    {
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 21, Name = "Cancel" },
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = 22, Name = "Watch" },
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = PingId, Name = "Ping" },
                        new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = PongId, Name = "Pong" },
                    },
                },
            }
        );
        IPCFrame watch = await ReadFrameAsync();
        return watch.MsgInvokeMethod?.MethodId == 22
            ? watch.RequestId
            : throw new InvalidOperationException($"The client does not watch, but sent {watch}.");
    }

    /// <summary>An event of the host for a client that watches.</summary>
    internal static IPCFrame Event(ulong watchId, ControlEvent hostEvent) =>
        new()
        {
            RequestId = watchId,
            MsgInvokeMethodReply = new IPCFrame.Types.InvokeMethodReply
            {
                Success = true,
                HasMore = true,
                ReplyProto = hostEvent.ToByteString(),
            },
        };

    /// <summary>Hangs up, as a process that was killed.</summary>
    internal void HangUp()
    {
        // The socket itself, which does not discard first what has not been read.
        (_transport as SocketTransport)?.Socket.Dispose();
        Transport.Dispose();
    }

    public void Dispose()
    {
        // In this order: a client that reconnects at once must not find a host.
        _listener?.Dispose();
        _backlog?.Dispose();
        _transport?.Dispose();
    }

    private async Task<IpcTransport> AcceptNextAsync() =>
        _backlog is { } backlog ? await backlog.AcceptAsync() : new SocketTransport(await _listener!.AcceptAsync());
}
