using Google.Protobuf;
using Signals.Ipc.Client;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>The client's end of the signals that it exports to its host, on one connection.</summary>
internal sealed class ClientExports
{
    /// <summary>The number of the host as a subscriber.</summary>
    private const long HostId = 0;

    private readonly ClientExchange _exchange;
    private readonly ClientConnection _connection;
    private readonly BatchSender _batches;

    /// <summary>The request id of the call that serves, or zero before it is made.</summary>
    private ulong _requestId;

    internal ClientExports(ClientExchange exchange, ClientConnection connection)
    {
        _exchange = exchange;
        _connection = connection;
        _batches = new BatchSender(connection.Sender, Send, connection.Close);
    }

    /// <summary>Begins to serve. Called once.</summary>
    internal void Begin(RemoteExports exports)
    {
        try
        {
            _batches.Open(exports, new RemoteSubscriber(HostId), ExchangeService.MaxValueBytes(_connection.Options.MaxFrameSize, peer: 0), int.MaxValue);
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        var request = new ServeRequest { MaxFrameSize = (uint)_connection.Options.MaxFrameSize };
        _exchange.Invoke(ExchangeService.Serve, request.ToByteArray(), id => Volatile.Write(ref _requestId, id));
    }

    /// <summary>Handles a command of the host, if the reply is one. Called by the receive loop.</summary>
    internal bool TryHandle(ulong requestId, in InvokeMethodReplyBody reply)
    {
        if (requestId == 0 || requestId != Volatile.Read(ref _requestId))
        {
            return false;
        }

        if (reply.Success && _batches.Outlet is { } outlet)
        {
            try
            {
                Handle(outlet, ServeCommand.Parser.ParseFrom(reply.Reply));
            }
            catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
            {
                // A command of a newer host.
            }
        }

        return true;
    }

    /// <summary>Called on the sending thread after the system has accepted bytes.</summary>
    internal void OnSent() => _batches.OnSent();

    /// <summary>Ends the subscriptions of the host.</summary>
    internal void Close() => _batches.Close();

    private void Handle(RemoteOutlet outlet, ServeCommand command)
    {
        var operation = (RemoteOperation)command.Operation;
        if (command.Call != 0)
        {
            _ = ReplyAsync(outlet, operation, command);
            return;
        }

        _batches.Handle(operation, command.Message.Span, _connection);
    }

    private async Task ReplyAsync(RemoteOutlet outlet, RemoteOperation operation, ServeCommand command)
    {
        var reply = new ServeReply { Call = command.Call };
        try
        {
            ReadOnlyMemory<byte> bytes = await outlet.CallAsync(operation, command.Message.Memory).ConfigureAwait(false);
            reply.Reply = UnsafeByteOperations.UnsafeWrap(bytes);
        }
        catch (Exception)
        {
            reply.Failed = true;
        }

        _exchange.InvokeOneWay(ExchangeService.Reply, reply.ToByteArray(), SendTiming.Now);
    }

    private void Send(uint stream, ReadOnlySpan<byte> batch) =>
        _exchange.InvokeOneWay(
            ExchangeService.Deliver,
            new DeliverRequest { Stream = stream, Batch = ByteString.CopyFrom(batch) }.ToByteArray(),
            SendTiming.Now
        );
}
