using System.Buffers.Binary;
using System.Net.Sockets;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Transport.Memory;
using Signals.Ipc.Transport.Sockets;
using Signals.Ipc.Wire;

namespace Signals.Tests.Support;

/// <summary>A client that sends the data of a test, without the library's client. Every wait is bounded.</summary>
internal sealed class RawClient : IDisposable
{
    /// <summary>The socket, or null if the host is in memory.</summary>
    private readonly Socket? _socket;

    /// <summary>The client's end of a connection in memory, or null if it has a socket.</summary>
    private readonly MemoryTransport? _memory;

    private ulong _lastRequest;

    private RawClient(Socket socket) => _socket = socket;

    private RawClient(MemoryTransport memory) => _memory = memory;

    internal Socket Socket => _socket!;

    internal static RawClient Connect(IpcEndpoint endpoint)
    {
        if (endpoint.IsInMemory)
        {
            return new RawClient(MemoryListener.TryConnect(endpoint) ?? throw new IpcException("No host is listening."));
        }

        Socket socket = endpoint.CreateSocket();
        socket.ReceiveTimeout = (int)Bounded.Limit.TotalMilliseconds;
        socket.SendTimeout = (int)Bounded.Limit.TotalMilliseconds;
        socket.Connect(endpoint.ToEndPoint());
        return new RawClient(socket);
    }

    /// <summary>Connects and binds the service Greeter, whose methods are then numbered 1, 2, 3.</summary>
    internal static RawClient Bound(IpcEndpoint endpoint)
    {
        RawClient client = Connect(endpoint);
        Assert.That(client.Bind("Greeter").MsgBindServiceReply.Success, Is.True);
        return client;
    }

    internal static byte[] Encode(params IEnumerable<IPCFrame> frames)
    {
        var bytes = new List<byte>();
        foreach (IPCFrame frame in frames)
        {
            byte[] payload = frame.ToByteArray();
            byte[] prefix = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(prefix, payload.Length);
            bytes.AddRange(prefix);
            bytes.AddRange(payload);
        }

        return [.. bytes];
    }

    /// <summary>A call of a method of the service that was bound first.</summary>
    internal IPCFrame Call(uint method, string? name = null, bool dropReply = false) =>
        new()
        {
            RequestId = ++_lastRequest,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = 1,
                MethodId = method,
                ArgsProto = (name is null ? new GreeterRequestMsg() : new GreeterRequestMsg { Name = name }).ToByteString(),
                DropReply = dropReply,
            },
        };

    internal void Send(params IEnumerable<IPCFrame> frames) => SendBytes(Encode(frames));

    internal void SendBytes(byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length; )
        {
            sent += Send(bytes.AsMemory(sent));
        }
    }

    /// <summary>The next frame, empty ones aside.</summary>
    internal IPCFrame Receive()
    {
        while (true)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(ReceiveBytes(4));
            if (length != 0)
            {
                return IPCFrame.Parser.ParseFrom(ReceiveBytes(length));
            }
        }
    }

    /// <summary>The next frame, which has to be a reply to a call.</summary>
    internal IPCFrame.Types.InvokeMethodReply ReceiveReply(ulong requestId)
    {
        IPCFrame frame = Receive();
        Assert.That((frame.MsgCase, frame.RequestId), Is.EqualTo((IPCFrame.MsgOneofCase.MsgInvokeMethodReply, requestId)), "The reply to the call.");
        return frame.MsgInvokeMethodReply;
    }

    /// <summary>
    /// The single replies to calls, in the order of the calls. They may arrive in another one: a method whose thread is preempted seems to block, and others
    /// overtake it.
    /// </summary>
    internal IPCFrame.Types.InvokeMethodReply[] ReceiveReplies(IReadOnlyCollection<IPCFrame> calls)
    {
        var replies = new Dictionary<ulong, IPCFrame.Types.InvokeMethodReply>();
        foreach (IPCFrame _ in calls)
        {
            IPCFrame frame = Receive();
            Assert.That(frame.MsgCase, Is.EqualTo(IPCFrame.MsgOneofCase.MsgInvokeMethodReply));
            Assert.That(replies.TryAdd(frame.RequestId, frame.MsgInvokeMethodReply), Is.True, "A single reply.");
        }

        return [.. calls.Select(call => replies[call.RequestId])];
    }

    internal IPCFrame Bind(string service)
    {
        Send(
            new IPCFrame
            {
                RequestId = ++_lastRequest,
                MsgBindService = new IPCFrame.Types.BindService { ServiceName = service },
            }
        );
        return Receive();
    }

    /// <summary>Calls a method and returns its one reply.</summary>
    internal IPCFrame.Types.InvokeMethodReply Invoke(uint method, string? name = null)
    {
        IPCFrame call = Call(method, name);
        Send(call);
        return ReceiveReply(call.RequestId);
    }

    /// <summary>Shows that the host still serves this client, and that it has sent nothing else.</summary>
    internal void AssertIsServed()
    {
        IPCFrame.Types.InvokeMethodReply reply = Invoke(1, "again");
        Assert.That((reply.Success, Message(reply)), Is.EqualTo((true, "Hello again")));
    }

    /// <summary>Waits for the host to end the connection, and ignores the data that it sends before.</summary>
    internal void AssertIsEnded()
    {
        byte[] ignored = new byte[65536];
        try
        {
            while (Receive(ignored) != 0) { }
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end, too: the host had not read all.
        }
    }

    internal static string Message(IPCFrame.Types.InvokeMethodReply reply) => GreeterReplyMsg.Parser.ParseFrom(reply.ReplyProto).Message;

    public void Dispose()
    {
        _socket?.Dispose();
        _memory?.Dispose();
    }

    internal byte[] ReceiveBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count; )
        {
            int now = Receive(bytes.AsMemory(received));
            Assert.That(now, Is.Not.Zero, "The host ended the connection.");
            received += now;
        }

        return bytes;
    }

    private int Send(ReadOnlyMemory<byte> bytes) => _memory is { } memory ? Bounded.Result(memory.SendAsync(bytes), "room") : _socket!.Send(bytes.Span);

    private int Receive(Memory<byte> buffer) =>
        _memory is { } memory ? Bounded.Result(memory.ReceiveAsync(buffer), "bytes of the host") : _socket!.Receive(buffer.Span);
}
