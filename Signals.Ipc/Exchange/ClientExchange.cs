using System.Diagnostics;
using Google.Protobuf;
using Signals.Ipc.Client;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;
using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>
/// The client's end of the remote signals on one connection: binds the service when an import is wanted or something is exported, sends the requests of
/// the imports, and passes batches to them.
/// </summary>
internal sealed class ClientExchange : IRemoteLink
{
    private readonly ClientConnection _connection;
    private readonly RemoteImports _imports;
    private readonly RemoteExports _exports;
    private readonly ClientExports _served;
    private readonly PendingReplies _replies = new("The connection to the exporter is lost.");
    private readonly WatchedStreams _streams = new();

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    private State _state;
    private ulong _bindId;
    private uint _serviceId;
    private volatile Dictionary<uint, uint> _methods = [];

    /// <summary>Indicates whether the client serves its exports.</summary>
    private bool _isServing;

    internal ClientExchange(ClientConnection connection, RemoteImports imports, RemoteExports exports)
    {
        _connection = connection;
        _imports = imports;
        _exports = exports;
        _served = new ClientExports(this, connection);
    }

    private enum State
    {
        NotWanted,
        Binding,
        Bound,
        Refused,
        Closed,
    }

    /// <summary>
    /// Binds the service, if an import is wanted or something is exported, and the service has not been bound. Serves the exports if it has been.
    /// </summary>
    internal void BeginIfWanted()
    {
        bool hasExports = _exports.Count > 0;
        if (_imports.SubscriptionCount == 0 && !hasExports)
        {
            return;
        }

        bool serves;
        lock (_lock)
        {
            AssertInvariants();
            serves = _state == State.Bound && hasExports && !_isServing;
            _isServing |= serves;
            if (_state != State.NotWanted && !serves)
            {
                return;
            }

            _state = serves ? State.Bound : State.Binding;
        }

        if (serves)
        {
            _served.Begin(_exports);
            return;
        }

        _connection.Sender.Send(RequestFrame.OfBinding(_connection, ExchangeService.Name, id => Volatile.Write(ref _bindId, id)), SendTiming.Soon);
    }

    /// <summary>Handles the reply to a binding, if it is that of this service.</summary>
    internal bool TryHandle(ulong requestId, IPCFrame.Types.BindServiceReply reply)
    {
        if (requestId == 0 || requestId != Volatile.Read(ref _bindId))
        {
            return false;
        }

        Volatile.Write(ref _bindId, 0);
        Dictionary<uint, uint> methods = ExchangeService.ReadMethods(reply);
        bool isBound = reply.Success && methods.ContainsKey((uint)RemoteOperation.Watch) && methods.ContainsKey((uint)RemoteOperation.Subscribe);
        lock (_lock)
        {
            AssertInvariants();
            if (_state != State.Binding)
            {
                return true;
            }

            _methods = methods;
            _serviceId = reply.ServiceId;
            _state = isBound ? State.Bound : State.Refused;
        }

        if (isBound)
        {
            _imports.Connect(this);

            // It may have been closed meanwhile, in which case the imports did not know it yet.
            if (IsClosed)
            {
                _imports.Lose(this);
            }

            BeginIfWanted();
        }
        else
        {
            _imports.Refuse("the peer has no signal exchange");
        }

        return true;
    }

    /// <summary>Handles the reply to a call, if it is one of this service.</summary>
    internal bool TryHandle(ulong requestId, in InvokeMethodReplyBody reply)
    {
        if (_served.TryHandle(requestId, reply))
        {
            return true;
        }

        if (_replies.TryComplete(requestId, reply.Reply, reply.Success ? null : "The host has refused the request."))
        {
            return true;
        }

        if (!_streams.TryFindStream(requestId, out uint stream))
        {
            return false;
        }

        if (reply.Success && !_imports.Receive(this, stream, reply.Reply))
        {
            _connection.Close(
                new DisconnectReason(DisconnectCause.ProtocolError, "The host has sent a batch of signals that is malformed, or more than it may.")
            );
        }

        return true;
    }

    /// <summary>Handles the end of the connection.</summary>
    internal void OnClosed()
    {
        lock (_lock)
        {
            AssertInvariants();
            _state = State.Closed;
        }

        _served.Close();
        _replies.Close();
        _imports.Lose(this);
    }

    /// <summary>Called on the sending thread after the system has accepted bytes.</summary>
    internal void OnSent() => _served.OnSent();

    /// <inheritdoc/>
    public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        try
        {
            switch (operation)
            {
                case RemoteOperation.Watch:
                    WatchRequest request = WatchRequest.Parser.ParseFrom(message.Span);
                    request.MaxFrameSize = (uint)_connection.Options.MaxFrameSize;
                    Invoke((uint)operation, request.ToByteArray(), id => _streams.Add(request.Stream, id));
                    break;
                case RemoteOperation.Unwatch:
                    _streams.Remove(WatchRequest.Parser.ParseFrom(message.Span).Stream);
                    InvokeOneWay((uint)operation, message.Span, SendTiming.Now);
                    break;
                case RemoteOperation.Credit:
                    InvokeOneWay((uint)operation, message.Span, SendTiming.Soon);
                    break;
                default:
                    InvokeOneWay((uint)operation, message.Span, SendTiming.Now);
                    break;
            }
        }
        catch (IpcException exception)
        {
            // A name or a path that does not fit into a frame.
            _connection.Close(new DisconnectReason(DisconnectCause.ProtocolError, exception.Message));
        }
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _replies.CallAsync(onWritten => Invoke((uint)operation, message, onWritten), cancellationToken);

    private bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _state == State.Closed;
            }
        }
    }

    /// <summary>Calls a method of the service without a reply, and without an object, if the host has it.</summary>
    internal void InvokeOneWay(uint operation, ReadOnlySpan<byte> message, SendTiming timing)
    {
        if (_methods.TryGetValue(operation, out uint method))
        {
            _connection.Sender.Send(new OneWayRequestFrame(_connection, _serviceId, method, message), timing);
        }
    }

    /// <summary>Calls a method of the service, if the host has it.</summary>
    internal void Invoke(uint operation, ReadOnlyMemory<byte> message, Action<ulong> onWritten)
    {
        if (!_methods.TryGetValue(operation, out uint method))
        {
            return;
        }

        _connection.Sender.Send(
            RequestFrame.OfCall(_connection, _serviceId, method, UnsafeByteOperations.UnsafeWrap(message), dropReply: false, onWritten),
            SendTiming.Now
        );
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isServing || _state is State.Bound or State.Closed, "A client serves when the service is bound.");
    }
}
