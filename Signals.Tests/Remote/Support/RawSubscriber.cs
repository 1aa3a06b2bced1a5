using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>A subscriber that sends what a test wants, without the library's client.</summary>
internal sealed class RawSubscriber : IDisposable
{
    private readonly RawClient _client;
    private readonly uint _service;
    private ulong _lastRequest = 1000;

    internal RawSubscriber(IpcEndpoint endpoint)
    {
        _client = RawClient.Connect(endpoint);
        _service = _client.Bind("SignalExchange").MsgBindServiceReply.ServiceId;
    }

    /// <summary>Sends a request without a reply.</summary>
    internal void Send(uint method, byte[] message) => _client.Send(Frame(method, message, dropReply: true));

    internal void Send(RemoteOperation operation, IMessage message) => Send((uint)operation, message.ToByteArray());

    /// <summary>Sends many requests without a reply.</summary>
    internal void SendAll(RemoteOperation operation, IEnumerable<IMessage> messages) =>
        _client.Send(messages.Select(message => Frame((uint)operation, message.ToByteArray(), dropReply: true)));

    /// <summary>Sends a request and returns the reply to it. Batches that arrive before are ignored.</summary>
    internal IPCFrame.Types.InvokeMethodReply Call(RemoteOperation operation, IMessage message)
    {
        IPCFrame request = Frame((uint)operation, message.ToByteArray(), dropReply: false);
        _client.Send(request);
        IPCFrame frame = _client.Receive();
        while (frame.RequestId != request.RequestId)
        {
            frame = _client.Receive();
        }

        return frame.MsgInvokeMethodReply;
    }

    /// <summary>Watches a stream. Returns the request id under which its batches arrive.</summary>
    internal ulong Watch(uint stream)
    {
        IPCFrame request = Frame((uint)RemoteOperation.Watch, new WatchRequest { Stream = stream }.ToByteArray(), dropReply: false);
        _client.Send(request);
        return request.RequestId;
    }

    /// <summary>Returns the items of the next frame, or of a failure none.</summary>
    internal (ulong RequestId, ExchangeItem[] Items) Receive()
    {
        IPCFrame frame = _client.Receive();
        return (frame.RequestId, [.. ExchangeBatch.Parser.ParseFrom(frame.MsgInvokeMethodReply.ReplyProto).Items]);
    }

    /// <summary>Returns the next item of a kind, and ignores those before.</summary>
    internal ExchangeItem ReceiveUntil(Predicate<ExchangeItem> condition)
    {
        while (true)
        {
            if (Receive().Items.FirstOrDefault(item => condition(item)) is { } item)
            {
                return item;
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private IPCFrame Frame(uint method, byte[] message, bool dropReply) =>
        new()
        {
            RequestId = ++_lastRequest,
            MsgInvokeMethod = new IPCFrame.Types.InvokeMethod
            {
                ServiceId = _service,
                MethodId = method,
                ArgsProto = ByteString.CopyFrom(message),
                DropReply = dropReply,
            },
        };
}
