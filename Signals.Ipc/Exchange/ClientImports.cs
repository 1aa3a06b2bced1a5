using System.Diagnostics;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Host;
using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>The signals that a host imports from one client, both those of <see cref="IpcHost.ImporterFor"/> and those merged with other clients'.</summary>
internal sealed class ClientImports : ISignalImporter
{
    /// <summary>
    /// The first number of the streams and subscriptions that are merged: large, so that they are not those of <see cref="IpcHost.ImporterFor"/>, and short
    /// in an encoded item.
    /// </summary>
    internal const uint FirstMerged = 1 << 27;

    private readonly HostConnection _connection;
    private readonly IpcHostOptions _options;
    private readonly ServedLink _own;
    private readonly ServedLink _merged;
    private readonly PendingReplies _replies = new("The client has disconnected.");

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The request id under which the client serves, or zero before it does.</summary>
    private ulong _requestId;
    private bool _isClosed;

    /// <summary>The number of the last call. Changed atomically.</summary>
    private ulong _lastCall;

    internal ClientImports(HostConnection connection, ConnectionEvaluator evaluator, RemoteImports merged, IpcHostOptions options)
    {
        _connection = connection;
        _options = options;
        Imports = new RemoteImports(ExchangeService.Capabilities, evaluator);
        _own = new ServedLink(this, Imports);
        _merged = new ServedLink(this, merged);
    }

    /// <inheritdoc/>
    public RemoteImports Imports { get; }

    internal bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _isClosed;
            }
        }
    }

    /// <summary>Begins to import, when the client begins to serve.</summary>
    internal void Serve(ulong requestId)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_requestId != 0 || _isClosed)
            {
                return;
            }

            _requestId = requestId;
        }

        // On the pool: evaluators may run code of the user when something is queued.
        ThreadPool.UnsafeQueueUserWorkItem(static imports => imports.Begin(), this, preferLocal: false);
    }

    /// <summary>Takes a batch of the client. Returns false if it is malformed.</summary>
    internal bool Deliver(DeliverRequest request)
    {
        if ((request.Stream < FirstMerged ? _own : _merged).Receive(request))
        {
            return true;
        }

        _connection.Close(
            new DisconnectReason(DisconnectCause.ProtocolError, "The client has sent a batch of signals that is malformed, or more than it may.")
        );
        return false;
    }

    /// <summary>Ends a call with the reply of the client.</summary>
    internal void Complete(ServeReply reply) =>
        _replies.TryComplete(reply.Call, reply.Reply.Span, reply.Failed ? "The client could not handle the request." : null);

    /// <summary>
    /// Ends the imports of this client, because one that connects again is another client. Those that are merged with other clients' remain.
    /// </summary>
    internal void Close()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isClosed = true;
        }

        _replies.Close();
        ThreadPool.UnsafeQueueUserWorkItem(static imports => imports.End(), this, preferLocal: false);
    }

    /// <summary>Determines whether the host may import a name from the client. Runs user code.</summary>
    internal bool IsAllowed(string name)
    {
        ClientInfo client = _connection.Client;
        try
        {
            return _options.AuthorizeExport is { } authorize ? authorize(client, name) : client.IsVerified && client.UserId == ExportRights.OwnUserId;
        }
        catch (Exception exception)
        {
            HostLog.SlotThrew(_options.Log, exception);
            return false;
        }
    }

    /// <summary>Sends a request without a reply to the client.</summary>
    internal void Send(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        try
        {
            Command(operation, message, call: 0);
        }
        catch (IpcException exception)
        {
            // A name or a path that does not fit into a frame.
            _connection.Close(new DisconnectReason(DisconnectCause.ProtocolError, exception.Message));
        }
    }

    /// <summary>Sends a request to the client, with the number of the reply, or zero.</summary>
    private void Command(RemoteOperation operation, ReadOnlyMemory<byte> message, ulong call)
    {
        var command = new ServeCommand { Operation = (uint)operation, Message = UnsafeByteOperations.UnsafeWrap(message) };
        if (call != 0)
        {
            command.Call = call;
        }

        _connection.Sender.Send(new InvokeMethodReplyFrame(_requestId, success: true, hasMore: true, command.ToByteArray()), SendTiming.Now);
    }

    /// <summary>Sends a request to the client and waits for the reply.</summary>
    internal Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _replies.CallAsync(
            onNumbered =>
            {
                ulong call = Interlocked.Increment(ref _lastCall);
                onNumbered(call);
                Command(operation, message, call);
            },
            cancellationToken
        );

    private void Begin()
    {
        _own.Begin();
        _merged.Begin();
    }

    private void End()
    {
        Imports.Dispose();
        _own.End();
        _merged.End();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants() => Debug.Assert(_lock.IsHeldByCurrentThread);
}
