using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using NATS.Client.Core;
using Signals.Nats.Connections;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Nats.Exporting;

/// <summary>The exporter's end: publishes emissions and heartbeats, and handles the requests of importers, which have a lease each.</summary>
internal sealed class NatsExports
{
    /// <summary>The time without a message after which an importer is removed.</summary>
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);

    /// <summary>The maximum time for which pending emissions are published when the exchange is disposed, for code that emits without end.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(1);

    private const int MaxBatch = 32 * 1024;

    /// <summary>The bytes of a message besides the value: the header, the number, and the fields of the batch.</summary>
    private const int MaxOverhead = 1024;

    private readonly RemoteExports _exports;
    private readonly INatsPort _port;
    private readonly Subjects _subjects;
    private readonly SerialQueue _work;
    private readonly NatsExchangeOptions _options;
    private readonly ulong _id;

    /// <summary>The exports and the buffer of the message that is being published. Used by the sending loop only.</summary>
    private readonly PublishedExports _published;
    private readonly ArrayBufferWriter<byte> _message = new();

    /// <summary>Guards everything below. No other lock is taken inside it.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<ulong, ExportSession> _byImporter = [];
    private readonly Dictionary<RemoteOutlet, ExportSession> _byOutlet = new(ReferenceEqualityComparer.Instance);
    private long _lastSubscriber;
    private bool _isExporting;

    /// <summary>The emissions, or null before the first connection to the server, which reports the maximum size of a message.</summary>
    private volatile RemoteBroadcast? _broadcast;

    /// <summary>The size of a batch for one message.</summary>
    private volatile int _maxBatch = MaxBatch;

    /// <summary>Indicates whether the connection to the server was lost since it was opened.</summary>
    private volatile bool _wasLost;

    /// <summary>The time at which the exchange was disposed, or zero.</summary>
    private long _leavingAt;

    /// <summary>Indicates whether the last heartbeat was published. Used by the sending loop only.</summary>
    private bool _hasLeft;

    internal NatsExports(RemoteExports exports, INatsPort port, Subjects subjects, SerialQueue work, NatsExchangeOptions options, ulong id)
    {
        _exports = exports;
        _port = port;
        _subjects = subjects;
        _work = work;
        _options = options;
        _id = id;
        _published = new PublishedExports(id, subjects);
    }

    /// <summary>Gets the importers that have a lease.</summary>
    internal ExportSession[] Sessions
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return [.. _byImporter.Values];
            }
        }
    }

    /// <summary>Begins to serve importers. Further calls do nothing.</summary>
    internal void Start()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isExporting)
            {
                return;
            }

            _isExporting = true;
        }

        _port.Subscribe(_subjects.RequestsTo(_id), OnRequest);
        _port.Subscribe(_subjects.Hellos, OnHello);
        _port.Start();
        SendHeartbeat();
    }

    /// <summary>Called when the connection to the server is open.</summary>
    internal void OnOpened(int maxPayload)
    {
        // A message contains a whole value or batch. The limit of the first server applies to values.
        int maxBytes = Math.Max(1, maxPayload - MaxOverhead);
        _maxBatch = Math.Min(MaxBatch, maxBytes);
        _broadcast ??= _exports.Broadcast(
            new RemoteOutletOptions { MaxValueBytes = maxBytes, MaxSubscriptions = _options.MaxSubscriptionsPerImporter },
            _port.Wake
        );
        if (_wasLost)
        {
            // Requests and replies may have been lost, which importers do not detect soon.
            _wasLost = false;
            _work.Add(EndAll);
        }

        SendHeartbeat();
    }

    /// <summary>Called when the connection to the server is lost.</summary>
    internal void OnLost() => _wasLost = true;

    /// <summary>Called every two seconds.</summary>
    internal void Tick()
    {
        List<ExportSession> expired = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach (ExportSession session in _byImporter.Values)
            {
                if (_options.TimeProvider.GetElapsedTime(session.HeardAt) > LeaseTime)
                {
                    expired.Add(session);
                }
            }
        }

        expired.ForEach(End);
        SendHeartbeat();
    }

    /// <summary>Has the sending loop notify the importers after the pending emissions.</summary>
    internal void Close()
    {
        if (IsExporting)
        {
            Volatile.Write(ref _leavingAt, Stopwatch.GetTimestamp());
            _port.Wake();
        }
    }

    /// <summary>Publishes the next batch. Called by the sending loop.</summary>
    internal async ValueTask<bool> PublishNextAsync()
    {
        if (_hasLeft)
        {
            return false;
        }

        long leavingAt = Volatile.Read(ref _leavingAt);
        if (leavingAt != 0 && Stopwatch.GetElapsedTime(leavingAt) > LeaveTime)
        {
            return await LeaveAsync().ConfigureAwait(false);
        }

        _message.ResetWrittenCount();
        _message.GetSpan(sizeof(ulong));
        _message.Advance(sizeof(ulong));
        if (_broadcast is not { } broadcast || !broadcast.TryTake(_message, _maxBatch, out RemoteDelivery delivery))
        {
            return leavingAt != 0 && await LeaveAsync().ConfigureAwait(false);
        }

        if (delivery.Importer is { } importer)
        {
            if (Find(importer) is { } session)
            {
                var reply = new Reply
                {
                    Exporter = _id,
                    Session = session.Id,
                    Number = ++session.Sent,
                    Batch = ByteString.CopyFrom(_message.WrittenSpan[sizeof(ulong)..]),
                };
                await _port.PublishAsync(_subjects.RepliesTo(session.Importer), reply.ToByteArray(), headers: null).ConfigureAwait(false);
            }

            return true;
        }

        PublishedExport export = _published.Add(delivery);
        MemoryMarshal.TryGetArray(_message.WrittenMemory, out ArraySegment<byte> bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, delivery.Before);
        try
        {
            await _port.PublishAsync(export.Subject, _message.WrittenMemory, export.Headers).ConfigureAwait(false);
        }
        catch (NatsPayloadTooLargeException exception)
        {
            // Another server has a lower limit. The numbers reveal the gap.
            _work.Add(() => _exports.ReportFailure(delivery.Name!, exception));
        }

        return true;
    }

    /// <summary>Called when the server does not permit publishing on a subject.</summary>
    internal void OnNotAllowed(string subject, string error)
    {
        if (subject.StartsWith(_subjects.Values, StringComparison.Ordinal))
        {
            string name = subject[_subjects.Values.Length..];
            _work.Add(() =>
                _exports.ReportFailure(
                    name,
                    new UnauthorizedAccessException(
                        $"The NATS server does not permit publishing {name}. Change the permissions of the server or the name. The server reported: {error}"
                    )
                )
            );
        }
    }

    private bool IsExporting
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _isExporting;
            }
        }
    }

    private async ValueTask<bool> LeaveAsync()
    {
        _hasLeft = true;
        await _port.PublishAsync(_subjects.Heartbeats, _published.CreateLastHeartbeat(_maxBatch).ToByteArray(), headers: null).ConfigureAwait(false);
        return true;
    }

    private void SendHeartbeat()
    {
        if (IsExporting)
        {
            _port.Publish(_subjects.Heartbeats, () => _published.CreateHeartbeat(_maxBatch).ToByteArray());
        }
    }

    private void OnHello(string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        if (Messages.TryParse(Hello.Parser, payload, out Hello? hello) && hello.Importer != _id && IsExporting && Volatile.Read(ref _leavingAt) == 0)
        {
            // Without numbers, which are part of the heartbeats to all importers.
            byte[] reply = new Reply
            {
                Exporter = _id,
                Heartbeat = new Heartbeat { Exporter = _id },
            }.ToByteArray();
            _port.Publish(_subjects.RepliesTo(hello.Importer), () => reply);
        }
    }

    private void OnRequest(string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        if (Messages.TryParse(Request.Parser, payload, out Request? request) && request.Session != 0 && request.Importer != _id)
        {
            // A subscription may connect a source, which runs code of the user.
            _work.AddReceived(() => Handle(request));
        }
    }

    private void Handle(Request request)
    {
        ExportSession? session = FindOrBegin(request);
        if (request.IsEnd)
        {
            EndIfSame(session, request.Session);
            return;
        }

        if (session is null || session.Id != request.Session)
        {
            ReplyUnknown(request.Importer, request.Session);
            return;
        }

        session.HeardAt = _options.TimeProvider.GetTimestamp();
        if (!request.HasOperation)
        {
            if (request.Number == session.Received)
            {
                Reply(session, static (reply, session) => reply.Number = session.Sent);
            }
            else
            {
                EndUnknown(session, request);
            }

            return;
        }

        if (request.Number != ++session.Received)
        {
            EndUnknown(session, request);
            return;
        }

        var operation = (RemoteOperation)request.Operation;
        if (request.HasCall)
        {
            _ = CallAsync(session, operation, request);
        }
        else if (!session.Outlet.Handle(operation, request.Message.Span))
        {
            EndUnknown(session, request);
        }
    }

    private async Task CallAsync(ExportSession session, RemoteOperation operation, Request request)
    {
        ByteString? result = null;
        try
        {
            result = ByteString.CopyFrom((await session.Outlet.CallAsync(operation, request.Message.Memory).ConfigureAwait(false)).Span);
        }
        catch (Exception)
        {
            // The request is malformed. The reply without a result reports this to the importer.
        }

        Reply(
            session,
            (reply, session) =>
            {
                reply.Number = ++session.Sent;
                reply.Call = request.Call;
                if (result is not null)
                {
                    reply.Result = result;
                }
            }
        );
    }

    private ExportSession? FindOrBegin(Request request)
    {
        ExportSession? known;
        lock (_lock)
        {
            AssertInvariants();
            known = _byImporter.GetValueOrDefault(request.Importer);
            if (
                _broadcast is null
                || request.Number != 1
                || !request.HasOperation
                || known?.Id == request.Session
                || _byImporter.Count >= _options.MaxImporters
            )
            {
                return known;
            }
        }

        if (known is not null)
        {
            End(known);
        }

        var session = new ExportSession(request.Importer, request.Session, _broadcast.Accept(new RemoteSubscriber(++_lastSubscriber)));
        lock (_lock)
        {
            AssertInvariants();
            _byImporter.Add(session.Importer, session);
            _byOutlet.Add(session.Outlet, session);
        }

        return session;
    }

    private void EndAll()
    {
        foreach (ExportSession session in Sessions)
        {
            End(session);
            ReplyUnknown(session.Importer, session.Id);
        }
    }

    private void EndIfSame(ExportSession? session, ulong id)
    {
        if (session?.Id == id)
        {
            End(session);
        }
    }

    private void EndUnknown(ExportSession session, Request request)
    {
        End(session);
        ReplyUnknown(request.Importer, request.Session);
    }

    private void End(ExportSession session)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (!_byOutlet.Remove(session.Outlet))
            {
                return;
            }

            _byImporter.Remove(session.Importer);
        }

        session.Outlet.Dispose();
    }

    private ExportSession? Find(RemoteOutlet outlet)
    {
        lock (_lock)
        {
            AssertInvariants();
            return _byOutlet.GetValueOrDefault(outlet);
        }
    }

    private void Reply(ExportSession session, Action<Reply, ExportSession> fill) =>
        _port.Publish(
            _subjects.RepliesTo(session.Importer),
            () =>
            {
                var reply = new Reply { Exporter = _id, Session = session.Id };
                fill(reply, session);
                return reply.ToByteArray();
            }
        );

    private void ReplyUnknown(ulong importer, ulong session)
    {
        byte[] reply = new Reply
        {
            Exporter = _id,
            Session = session,
            IsUnknown = true,
        }.ToByteArray();
        _port.Publish(_subjects.RepliesTo(importer), () => reply);
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_byImporter.Count == _byOutlet.Count, "Each importer has an outlet.");
    }
}
