using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Signals.Nats.Connections;
using Signals.Nats.Wire;
using Signals.Remote;

namespace Signals.Nats.Importing;

/// <summary>The importer's end: finds exporters by their heartbeats, and receives emissions.</summary>
internal sealed class NatsImports
{
    /// <summary>The time without a message after which an exporter is regarded as lost: three heartbeats.</summary>
    private static readonly TimeSpan SilenceTime = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan LeaseInterval = TimeSpan.FromSeconds(10);

    /// <summary>The minimum time between two new connections to an exporter without a heartbeat in between.</summary>
    private static readonly TimeSpan RestartInterval = TimeSpan.FromSeconds(1);

    /// <summary>The maximum number of exporters. Further ones are ignored.</summary>
    private const int MaxExporters = 1024;

    private readonly RemoteImports _imports;
    private readonly INatsPort _port;
    private readonly Subjects _subjects;
    private readonly SerialQueue _work;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ulong _id;

    /// <summary>The connections by exporter. Changed by the queue of actions only.</summary>
    private readonly ConcurrentDictionary<ulong, NatsLink> _links = new();

    /// <summary>Guards everything below. The lock of the connection is taken inside it, so that interests begin and end in order.</summary>
    private readonly Lock _lock = new();

    /// <summary>The number of exporters from which a name or a pattern is imported.</summary>
    private readonly Dictionary<string, int> _interests = new(StringComparer.Ordinal);
    private bool _isImporting;
    private bool _isClosed;

    /// <summary>Indicates whether a foreign message was logged.</summary>
    private volatile bool _hasLogged;

    /// <summary>The times of the last leases and of the last new connection after a loss. Used by the queue of actions only.</summary>
    private long _renewedAt;
    private long _restartedAt;

    internal NatsImports(RemoteImports imports, INatsPort port, Subjects subjects, SerialQueue work, NatsExchangeOptions options, ILogger logger, ulong id)
    {
        _imports = imports;
        _port = port;
        _subjects = subjects;
        _work = work;
        _time = options.TimeProvider;
        _logger = logger;
        _id = id;
        _renewedAt = _time.GetTimestamp();
        _restartedAt = _renewedAt - (2 * _time.TimestampFrequency);
    }

    /// <summary>Gets the connections to exporters.</summary>
    internal IEnumerable<NatsLink> Links => _links.Values;

    /// <summary>Begins to look for exporters. Further calls do nothing.</summary>
    internal void Start()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isImporting)
            {
                return;
            }

            _isImporting = true;
        }

        _port.Subscribe(_subjects.RepliesTo(_id), OnReply);
        _port.Subscribe(_subjects.Heartbeats, OnHeartbeat);
        _port.Start();
        SayHello();
    }

    /// <summary>Called when the connection to the server is open.</summary>
    internal void OnOpened() => SayHello();

    /// <summary>Called when the connection to the server is lost.</summary>
    internal void OnLost() =>
        _work.Add(() =>
        {
            // An exporter that has ended sends nothing more: its link ends after what has arrived.
            foreach (NatsLink link in _links.Values.Where(static link => !link.IsLeaving))
            {
                Lose(link, isTold: false);
            }
        });

    /// <summary>Called every two seconds.</summary>
    internal void Tick() =>
        _work.Add(() =>
        {
            foreach (NatsLink link in _links.Values)
            {
                if (!link.IsLeaving && _time.GetElapsedTime(Volatile.Read(ref link.HeardAt)) > SilenceTime)
                {
                    Lose(link, isTold: true);
                }
            }

            if (_time.GetElapsedTime(_renewedAt) >= LeaseInterval)
            {
                _renewedAt = _time.GetTimestamp();
                foreach (NatsLink link in _links.Values)
                {
                    link.Renew();
                }
            }
        });

    /// <summary>Ends all connections, and creates no further ones.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isClosed = true;
        }

        foreach (NatsLink link in _links.Values)
        {
            link.Close(isTold: true);
        }
    }

    /// <summary>Called when the server does not permit subscribing to a subject.</summary>
    internal void OnNotAllowed(string subject, string error)
    {
        string reason = $"not allowed by the NATS server: {error}";
        if (subject.StartsWith(_subjects.Values, StringComparison.Ordinal))
        {
            string request = subject[_subjects.Values.Length..];
            _work.Add(() =>
            {
                foreach (NatsLink link in _links.Values)
                {
                    link.Inbox.Refuse(request, reason);
                }
            });
        }
        else
        {
            _work.Add(() => _imports.Refuse(reason));
        }
    }

    /// <summary>Called by a connection when it begins or ceases to need the emissions of a name or a pattern.</summary>
    internal void OnInterest(string request, bool isWanted)
    {
        lock (_lock)
        {
            AssertInvariants();
            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_interests, request, out _);
            count += isWanted ? 1 : -1;
            if (isWanted && count == 1)
            {
                _port.Subscribe(
                    _subjects.Values + request,
                    (string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload) =>
                        OnEmissions(request, subject, headers, payload)
                );
            }
            else if (count == 0)
            {
                _interests.Remove(request);
                _port.Unsubscribe(_subjects.Values + request);
            }
        }
    }

    private void SayHello()
    {
        bool isImporting;
        lock (_lock)
        {
            AssertInvariants();
            isImporting = _isImporting;
        }

        if (isImporting)
        {
            _port.Publish(_subjects.Hellos, () => new Hello { Importer = _id }.ToByteArray());
        }
    }

    private void OnEmissions(string request, string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        if (!ValueHeader.TryRead(headers, out ulong exporter, out ulong epoch) || payload.Length < sizeof(ulong))
        {
            OnForeign(subject);
            return;
        }

        // An exporter without a heartbeat so far has granted no subscription.
        if (exporter == _id || !_links.TryGetValue(exporter, out NatsLink? link))
        {
            return;
        }

        string name = subject.Length == _subjects.Values.Length + request.Length ? NameOf(request, subject) : subject[_subjects.Values.Length..];
        byte[]? rented = null;
        ReadOnlySpan<byte> bytes = payload.FirstSpan;
        if (!payload.IsSingleSegment)
        {
            int size = (int)payload.Length;
            rented = ArrayPool<byte>.Shared.Rent(size);
            payload.CopyTo(rented);
            bytes = rented.AsSpan(0, size);
        }

        ulong before = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (!link.Inbox.ReceiveEmissions(request, name, epoch, before, bytes[sizeof(ulong)..]))
        {
            OnForeign(subject);
        }

        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Returns the name of the export in a subject. Does not allocate if it equals the request.</summary>
    private string NameOf(string request, string subject) =>
        subject.AsSpan(_subjects.Values.Length).SequenceEqual(request) ? request : subject[_subjects.Values.Length..];

    private void OnForeign(string subject)
    {
        if (!_hasLogged)
        {
            _hasLogged = true;
            _logger.ForeignMessage(subject);
        }
    }

    private void OnHeartbeat(string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        if (Messages.TryParse(Heartbeat.Parser, payload, out Heartbeat? heartbeat))
        {
            OnHeartbeat(heartbeat);
        }
        else
        {
            OnForeign(subject);
        }
    }

    private void OnHeartbeat(Heartbeat heartbeat)
    {
        ulong exporter = heartbeat.Exporter;
        if (exporter == 0 || exporter == _id)
        {
            return;
        }

        if (!_links.TryGetValue(exporter, out NatsLink? link))
        {
            if (!heartbeat.IsLeaving)
            {
                _work.AddReceived(() => Connect(exporter));
            }

            return;
        }

        if (link.IsLeaving)
        {
            return;
        }

        Volatile.Write(ref link.HeardAt, _time.GetTimestamp());
        var lastNumbers = new Dictionary<ulong, ulong>();
        for (int i = 0; i < Math.Min(heartbeat.Epochs.Count, heartbeat.Numbers.Count); i++)
        {
            lastNumbers[heartbeat.Epochs[i]] = heartbeat.Numbers[i];
        }

        if (heartbeat.IsLeaving)
        {
            link.IsLeaving = true;
            link.Inbox.Drain(lastNumbers, () => _work.Add(() => Lose(link, isTold: false)));
        }
        else if (lastNumbers.Count > 0)
        {
            link.Inbox.OnProgress(lastNumbers);
        }
    }

    private void OnReply(string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload)
    {
        if (!Messages.TryParse(Reply.Parser, payload, out Reply? reply))
        {
            OnForeign(subject);
            return;
        }

        if (reply.Heartbeat is { } heartbeat)
        {
            OnHeartbeat(heartbeat);
        }

        if (reply.HasSession && _links.TryGetValue(reply.Exporter, out NatsLink? link))
        {
            Volatile.Write(ref link.HeardAt, _time.GetTimestamp());
            if (!link.TryHandle(reply))
            {
                _work.Add(() => Restart(link));
            }
        }
    }

    private void Connect(ulong exporter)
    {
        if (_links.ContainsKey(exporter) || _links.Count >= MaxExporters || !_port.IsOpen || IsClosed)
        {
            return;
        }

        var link = new NatsLink(this, _imports, _port, _subjects, _id, exporter) { HeardAt = _time.GetTimestamp() };
        _links[exporter] = link;
        _imports.Connect(link);
    }

    private bool IsClosed
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

    private void Lose(NatsLink link, bool isTold)
    {
        if (_links.TryRemove(KeyValuePair.Create(link.Exporter, link)))
        {
            _imports.Lose(link);
            link.Close(isTold);
        }
    }

    private void Restart(NatsLink link)
    {
        if (!_links.TryGetValue(link.Exporter, out NatsLink? current) || current != link)
        {
            return;
        }

        _logger.SessionLost($"{link.Exporter:x16}");
        Lose(link, isTold: true);
        if (_time.GetElapsedTime(_restartedAt) >= RestartInterval)
        {
            _restartedAt = _time.GetTimestamp();
            Connect(link.Exporter);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_interests.Count == 0 || _isImporting, "Only an importing exchange has interests.");
    }
}
