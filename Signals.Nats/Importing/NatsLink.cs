using System.Diagnostics;
using Google.Protobuf;
using Signals.Nats.Connections;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Nats.Importing;

/// <summary>The connection of the imports to one exporter: a session with a lease, which ends when its messages are lost.</summary>
internal sealed class NatsLink : IRemoteLink
{
    private readonly ulong _importer;
    private readonly INatsPort _port;
    private readonly string _subject;

    /// <summary>Guards everything below. The lock of the connection is taken inside it, so that requests are sent in the order of their numbers.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<ulong, TaskCompletionSource<ReadOnlyMemory<byte>>> _calls = [];
    private ulong _session = CreateId();
    private ulong _sent;
    private ulong _received;
    private ulong _lastCall;
    private bool _isClosed;

    internal NatsLink(NatsImports owner, RemoteImports imports, INatsPort port, Subjects subjects, ulong importer, ulong exporter)
    {
        _importer = importer;
        _port = port;
        _subject = subjects.RequestsTo(exporter);
        Exporter = exporter;
        Inbox = new RemoteInbox(imports, this, SendToExporter, owner.OnInterest);
    }

    internal ulong Exporter { get; }

    internal RemoteInbox Inbox { get; }

    /// <summary>The time of the last heartbeat or reply. Written by the thread that reads from the network.</summary>
    internal long HeardAt;

    /// <summary>Indicates whether the exporter has ended, and its last emissions are being passed to the imports.</summary>
    internal volatile bool IsLeaving;

    /// <inheritdoc/>
    public void Send(RemoteOperation operation, ReadOnlyMemory<byte> message) => Inbox.Handle(operation, message);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong call;
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return Task.FromException<ReadOnlyMemory<byte>>(Lost());
            }

            call = ++_lastCall;
            _calls.Add(call, completion);
            SendLocked(
                new Request
                {
                    Operation = (uint)operation,
                    Message = ByteString.CopyFrom(message.Span),
                    Call = call,
                }
            );
        }

        return WaitAsync(call, completion.Task, cancellationToken);
    }

    /// <summary>Renews the lease, or ends the session if it has no subscriptions.</summary>
    internal void Renew()
    {
        bool isUsed = Inbox.SubscriptionCount > 0;
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed || _sent == 0)
            {
                return;
            }

            if (isUsed || _calls.Count > 0)
            {
                Publish(new Request { Number = _sent });
            }
            else
            {
                EndLocked();
            }
        }
    }

    /// <summary>Handles a reply of the exporter. Returns false if messages were lost and the connection must be replaced.</summary>
    internal bool TryHandle(Reply reply)
    {
        TaskCompletionSource<ReadOnlyMemory<byte>>? call = null;
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed || reply.Session != _session)
            {
                return true;
            }

            if (reply.IsUnknown)
            {
                return false;
            }

            bool isCounted = reply.HasBatch || reply.HasCall;
            if (reply.Number != (isCounted ? ++_received : _received))
            {
                return false;
            }

            if (reply.HasCall)
            {
                _calls.Remove(reply.Call, out call);
            }
        }

        if (reply.HasResult)
        {
            call?.TrySetResult(reply.Result.Memory);
        }
        else
        {
            call?.TrySetException(new RemoteRefusedException("The exporter could not handle the request."));
        }

        return !reply.HasBatch || Inbox.Receive(reply.Batch.Span);
    }

    /// <summary>Ends the session.</summary>
    /// <param name="isTold">Indicates whether the exporter is notified.</param>
    internal void Close(bool isTold)
    {
        TaskCompletionSource<ReadOnlyMemory<byte>>[] calls;
        lock (_lock)
        {
            AssertInvariants();
            if (_isClosed)
            {
                return;
            }

            if (isTold && _sent > 0)
            {
                EndLocked();
            }

            _isClosed = true;
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        Inbox.Close();
        Array.ForEach(calls, static call => call.TrySetException(Lost()));
    }

    internal static ulong CreateId() => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;

    private static RemoteRefusedException Lost() => new("The connection to the exporter is lost.");

    private async Task<ReadOnlyMemory<byte>> WaitAsync(ulong call, Task<ReadOnlyMemory<byte>> reply, CancellationToken cancellationToken)
    {
        try
        {
            return await reply.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                AssertInvariants();
                _calls.Remove(call);
            }
        }
    }

    private void SendToExporter(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_isClosed)
            {
                SendLocked(new Request { Operation = (uint)operation, Message = ByteString.CopyFrom(message.Span) });
            }
        }
    }

    private void SendLocked(Request request)
    {
        request.Number = ++_sent;
        Publish(request);
    }

    private void EndLocked()
    {
        Publish(new Request { IsEnd = true });
        _session = CreateId();
        _sent = _received = 0;
    }

    private void Publish(Request request)
    {
        request.Importer = _importer;
        request.Session = _session;
        byte[] bytes = request.ToByteArray();
        _port.Publish(_subject, () => bytes);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(!_isClosed || _calls.Count == 0, "A closed connection has no pending calls.");
    }
}
