using System.Diagnostics;
using Google.Protobuf;
using Signals.Ipc.Connections;
using Signals.Ipc.Framing;
using Signals.Ipc.Host;
using Signals.Remote;
using Signals.Remote.Wire;

namespace Signals.Ipc.Exchange;

/// <summary>The signals that a host imports from one client.</summary>
internal sealed class ClientImports : ISignalImporter, IRemoteLink
{
    private readonly HostConnection _connection;
    private readonly IpcHostOptions _options;

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The calls that wait for a reply of the client.</summary>
    private readonly Dictionary<ulong, TaskCompletionSource<ReadOnlyMemory<byte>>> _calls = [];

    /// <summary>The request id under which the client serves, or zero before it does.</summary>
    private ulong _requestId;
    private ulong _lastCall;
    private bool _isClosed;

    internal ClientImports(HostConnection connection, ConnectionEvaluator evaluator, IpcHostOptions options)
    {
        _connection = connection;
        _options = options;
        Imports = new RemoteImports(ExchangeService.Capabilities, evaluator);
    }

    /// <inheritdoc/>
    public RemoteImports Imports { get; }

    /// <inheritdoc/>
    public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        if (operation == RemoteOperation.Subscribe && SubscribeRequest.Parser.ParseFrom(message.Span) is { } request && !IsAllowed(request.Name))
        {
            var refusal = new ExchangeBatch
            {
                Items =
                {
                    new ExchangeItem { Subscription = request.Subscription, Refused = "not allowed" },
                },
            };
            Imports.Receive(this, request.Stream, refusal.ToByteArray());
            return;
        }

        Command(operation, message, call: 0);
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var call = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong id;
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed)
            {
                throw new RemoteRefusedException("The client has disconnected.");
            }

            id = ++_lastCall;
            _calls.Add(id, call);
        }

        try
        {
            Command(operation, message, id);
            return await call.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                AssertInvariants();
                _calls.Remove(id);
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
        if (Imports.Receive(this, request.Stream, request.Batch.Span))
        {
            return true;
        }

        _connection.Close(
            new DisconnectReason(DisconnectCause.ProtocolError, "The client has sent a batch of signals that is malformed, or more than it may.")
        );
        return false;
    }

    /// <summary>Ends a call with the reply of the client.</summary>
    internal void Complete(ServeReply reply)
    {
        TaskCompletionSource<ReadOnlyMemory<byte>>? call;
        lock (_lock)
        {
            AssertInvariants();
            _calls.Remove(reply.Call, out call);
        }

        if (reply.Failed)
        {
            call?.TrySetException(new RemoteRefusedException("The client could not handle the request."));
        }
        else
        {
            call?.TrySetResult(reply.Reply.ToByteArray());
        }
    }

    /// <summary>Ends the imports: a client that connects again is another one.</summary>
    internal void Close()
    {
        List<TaskCompletionSource<ReadOnlyMemory<byte>>> calls;
        lock (_lock)
        {
            AssertInvariants();
            _isClosed = true;
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        calls.ForEach(static call => call.TrySetException(new RemoteRefusedException("The client has disconnected.")));
        ThreadPool.UnsafeQueueUserWorkItem(static imports => imports.Dispose(), Imports, preferLocal: false);
    }

    private void Begin()
    {
        Imports.Connect(this);
        bool isClosed;
        lock (_lock)
        {
            AssertInvariants();
            isClosed = _isClosed;
        }

        if (isClosed)
        {
            Imports.Lose(this);
        }
    }

    private bool IsAllowed(string name)
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

    private void Command(RemoteOperation operation, ReadOnlyMemory<byte> message, ulong call)
    {
        var command = new ServeCommand { Operation = (uint)operation, Message = UnsafeByteOperations.UnsafeWrap(message) };
        if (call != 0)
        {
            command.Call = call;
        }

        _connection.Sender.Send(new InvokeMethodReplyFrame(_requestId, success: true, hasMore: true, command.ToByteArray()), SendTiming.Now);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isClosed || _calls.Count == 0, "No call waits for a client that has disconnected.");
        Debug.Assert(!_calls.ContainsKey(0), "Calls are numbered from one.");
    }
}
