using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Host;
using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>The host's end of the remote signals of a client, in both directions. Its calls come from the receive loop.</summary>
internal sealed class HostExchange
{
    private readonly HostConnection _connection;
    private readonly RemoteExports _exports;
    private readonly ClientImports _imports;
    private readonly IpcHostOptions _options;
    private readonly BatchSender _batches;

    private readonly WatchedStreams _streams = new();

    internal HostExchange(HostConnection connection, RemoteExports exports, ClientImports imports, IpcHostOptions options)
    {
        _connection = connection;
        _exports = exports;
        _imports = imports;
        _options = options;
        _batches = new BatchSender(connection.Sender, Send, connection.Close);
    }

    /// <summary>Handles a call of the service.</summary>
    internal void Handle(ulong requestId, in InvokeMethodBody invoke)
    {
        try
        {
            if (!TryHandle(requestId, invoke.MethodId, invoke.Arguments) && !invoke.DropReply)
            {
                Fail(requestId);
            }
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            Fail(requestId);
        }
    }

    /// <summary>Called on the sending thread after the system has accepted bytes.</summary>
    internal void OnSent() => _batches.OnSent();

    /// <summary>Ends the subscriptions of the client.</summary>
    internal void Close() => _batches.Close();

    private bool TryHandle(ulong requestId, uint method, ReadOnlySpan<byte> arguments)
    {
        switch (method)
        {
            case (uint)RemoteOperation.Watch:
                return Watch(requestId, arguments);
            case (uint)RemoteOperation.Credit or (uint)RemoteOperation.Subscribe or (uint)RemoteOperation.Unsubscribe:
                return _batches.Handle((RemoteOperation)method, arguments, _connection);
            case (uint)RemoteOperation.RequestSet or (uint)RemoteOperation.List:
                _ = ReplyAsync((RemoteOperation)method, requestId, arguments.ToArray());
                return true;
            case (uint)RemoteOperation.Unwatch:
                // Before the code of the user, during which another thread may handle that the client watches the stream again.
                _streams.Remove(WatchRequest.Parser.ParseFrom(arguments).Stream);
                return _batches.Handle(RemoteOperation.Unwatch, arguments, _connection);
            case ExchangeService.Serve:
                _imports.Serve(requestId);
                return true;
            case ExchangeService.Deliver:
                return _imports.Deliver(DeliverRequest.Parser.ParseFrom(arguments));
            case ExchangeService.Reply:
                _imports.Complete(ServeReply.Parser.ParseFrom(arguments));
                return true;
            default:
                return false;
        }
    }

    private bool Watch(ulong requestId, ReadOnlySpan<byte> arguments)
    {
        WatchRequest request = WatchRequest.Parser.ParseFrom(arguments);
        if (_batches.Outlet is null)
        {
            ClientInfo client = _connection.Client;
            _batches.Open(
                _exports,
                new RemoteSubscriber(client.Id, client.ProcessId, client.UserId),
                ExchangeService.MaxValueBytes(_options.MaxFrameSize, request.MaxFrameSize),
                _options.MaxSubscriptionsPerClient
            );
        }

        if (!_batches.Outlet!.Handle(RemoteOperation.Watch, arguments))
        {
            return false;
        }

        _streams.Add(request.Stream, requestId);
        return true;
    }

    private void Send(uint stream, ReadOnlySpan<byte> batch)
    {
        // Otherwise it is not watched any more.
        if (_streams.TryFindRequest(stream, out ulong requestId))
        {
            _connection.Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore: true, batch), SendTiming.Now);
        }
    }

    private async Task ReplyAsync(RemoteOperation operation, ulong requestId, byte[] arguments)
    {
        try
        {
            RemoteOutlet outlet = _batches.Outlet ?? throw new InvalidOperationException("The client watches no stream.");
            ReadOnlyMemory<byte> reply = await outlet.CallAsync(operation, arguments).ConfigureAwait(false);
            _connection.Sender.Send(new InvokeMethodReplyFrame(requestId, success: true, hasMore: false, reply.Span), SendTiming.Now);
        }
        catch (Exception)
        {
            // Malformed, or too large for a frame.
            Fail(requestId);
        }
    }

    private void Fail(ulong requestId) => _connection.Sender.Send(new InvokeMethodReplyFrame(requestId, success: false), SendTiming.Now);
}
