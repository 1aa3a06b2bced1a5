using System.Buffers;
using System.Diagnostics;
using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>
/// The exporter's end of a connection to an importer: the exchange passes the importer's messages to it, and takes batches for the importer from it.
/// </summary>
/// <remarks>
/// All members are thread-safe. The messages may come from a hostile process: what is malformed or exceeds a limit is ignored or refused, and affects that
/// importer only.
/// </remarks>
public sealed class RemoteOutlet : IDisposable
{
    /// <summary>The maximum number of streams of a connection, of which each importing evaluator has one.</summary>
    internal const int MaxStreams = 256;

    /// <summary>The maximum number of items in a batch, which limits the time for which the lock is held.</summary>
    private const int MaxItems = 1024;

    private const int ListSize = 256;

    [ThreadStatic]
    private static List<OutItem>? _items;

    private readonly RemoteExports _exports;
    private readonly Action<uint> _ready;
    private readonly int _maxSubscriptions;

    /// <summary>The stream that all importers share if the exchange distributes emissions; otherwise null.</summary>
    private readonly OutStream? _shared;

    /// <summary>Guarded by the lock of the exports, as everything in them.</summary>
    private readonly Dictionary<uint, OutStream> _streams = [];
    private readonly Dictionary<uint, OutSubscription> _subscriptions = [];
    private bool _isDisposed;

    internal RemoteOutlet(RemoteExports exports, RemoteSubscriber subscriber, RemoteOutletOptions options, Action<uint> ready, OutStream? shared = null)
    {
        _shared = shared;
        _exports = exports;
        Subscriber = subscriber;
        MaxValueBytes = options.MaxValueBytes;
        _maxSubscriptions = options.MaxSubscriptions;
        _ready = ready;
    }

    /// <summary>Gets the importer.</summary>
    public RemoteSubscriber Subscriber { get; }

    internal int MaxValueBytes { get; }

    /// <summary>Gets a value that indicates whether this outlet owns the stream that the outlets of a broadcast share.</summary>
    internal bool OwnsShared { get; private set; }

    /// <summary>Handles a message without a reply: all messages except those of <see cref="CallAsync"/>. May run user code, which may block.</summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message.</param>
    /// <returns><see langword="false"/> if the message is malformed, unknown, or exceeds a limit, and was ignored.</returns>
    public bool Handle(RemoteOperation operation, ReadOnlySpan<byte> message)
    {
        bool isHandled = Handle(operation, message, out Action? userCode);
        userCode?.Invoke();
        return isHandled;
    }

    /// <summary>
    /// Handles a message without a reply, but leaves the parts that may run user code to the caller: connecting to exported signals, and disconnecting from them.
    /// Use this overload if another thread handles the next message while user code blocks, and call it for one message after the other, to keep their order.
    /// </summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="userCode">The delegate that runs the user code, which the caller invokes at any time and on any thread, or null if the message needs none.</param>
    /// <returns><see langword="false"/> if the message is malformed, unknown, or exceeds a limit, and was ignored.</returns>
    public bool Handle(RemoteOperation operation, ReadOnlySpan<byte> message, out Action? userCode)
    {
        userCode = null;
        try
        {
            return operation switch
            {
                RemoteOperation.Watch => Watch(WatchRequest.Parser.ParseFrom(message).Stream),
                RemoteOperation.Unwatch => Unwatch(WatchRequest.Parser.ParseFrom(message).Stream, out userCode),
                RemoteOperation.Subscribe => Subscribe(SubscribeRequest.Parser.ParseFrom(message), out userCode),
                RemoteOperation.Unsubscribe => Unsubscribe(UnsubscribeRequest.Parser.ParseFrom(message), out userCode),
                RemoteOperation.Credit => Credit(message),
                _ => false,
            };
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Handles a message with a reply: <see cref="RemoteOperation.RequestSet"/> or List.</summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">The token that ends the wait for the reply.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="ArgumentException">The message is malformed, or its operation has no reply.</exception>
    public async Task<ReadOnlyMemory<byte>> CallAsync(
        RemoteOperation operation,
        ReadOnlyMemory<byte> message,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            switch (operation)
            {
                case RemoteOperation.RequestSet:
                    SetRequest request = SetRequest.Parser.ParseFrom(message.Span);
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    return (await SetAsync(request).WaitAsync(cancellationToken).ConfigureAwait(false)).ToByteArray();
                case RemoteOperation.List:
                    ListRequest list = ListRequest.Parser.ParseFrom(message.Span);
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    return _exports.List(Subscriber, list.After, ListSize).ToByteArray();
                default:
                    throw new ArgumentException($"{operation} has no reply.", nameof(operation));
            }
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new ArgumentException("The message is malformed.", nameof(message), exception);
        }
    }

    /// <summary>Writes what is ready in a stream as a batch.</summary>
    /// <param name="stream">The number of the stream.</param>
    /// <param name="output">The buffer to which the batch is written.</param>
    /// <param name="maxBytes">
    /// The size above which the batch is ended. A batch exceeds it only with a single value, by <see cref="RemoteOutletOptions.MaxValueBytes"/> and
    /// a few bytes at most.
    /// </param>
    /// <returns>
    /// <see langword="true"/> if a batch was written: call this method again. <see langword="false"/> if there is nothing to send now: the delegate
    /// <c>ready</c> is called when there is.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is null.</exception>
    public bool TryWriteBatch(uint stream, IBufferWriter<byte> output, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(output);
        List<OutItem> items = _items ?? [];
        _items = null;
        Take(stream, items, maxBytes);
        bool hasItems = items.Count > 0;
        foreach (ref readonly OutItem item in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(items))
        {
            OutItemWriter.Write(item, output);
            item.Payload?.Release();
        }

        items.Clear();
        _items = items;
        return hasItems;
    }

    /// <summary>Ends the connection: the subscriptions of the importer end. Further calls do nothing.</summary>
    public void Dispose()
    {
        List<OutSubscription> subscriptions;
        lock (_exports.Lock)
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            subscriptions = [.. _subscriptions.Values];
            _subscriptions.Clear();
        }

        _exports.Remove(this, subscriptions);
        lock (_exports.Lock)
        {
            AssertInvariants();
            foreach (OutStream stream in _streams.Values)
            {
                stream.Clear();
            }
        }
    }

    /// <summary>Begins the stream of a <see cref="RemoteBroadcast"/>.</summary>
    internal OutStream BeginShared(int maxUnsentEvents)
    {
        lock (_exports.Lock)
        {
            AssertInvariants();
            var stream = new OutStream(this, 1, maxUnsentEvents);
            _streams.Add(stream.Id, stream);
            OwnsShared = true;
            return stream;
        }
    }

    /// <summary>Takes items of the stream of a <see cref="RemoteBroadcast"/>, which count as handled.</summary>
    internal void TakeShared(List<OutItem> items, int maxBytes)
    {
        lock (_exports.Lock)
        {
            AssertInvariants();
            if (!_isDisposed && _streams.TryGetValue(1, out OutStream? stream))
            {
                stream.Take(items, MaxItems, maxBytes);
                stream.OnTaken(ulong.MaxValue);
            }
        }
    }

    /// <summary>Takes items of a stream.</summary>
    internal void Take(uint stream, List<OutItem> items, int maxBytes)
    {
        lock (_exports.Lock)
        {
            AssertInvariants();
            if (!_isDisposed && _streams.TryGetValue(stream, out OutStream? known))
            {
                known.Take(items, MaxItems, maxBytes);
            }
        }
    }

    /// <summary>Tells the exchange that a stream is ready. Called while no lock is held.</summary>
    internal void Announce(OutStream stream) => _ready(stream.Id);

    /// <summary>Adds the subscriptions and what waits in the streams. Called while the lock is held.</summary>
    internal void AddCounts(ref QueueCounts counts)
    {
        counts.Subscriptions += _subscriptions.Count;
        foreach (OutStream stream in _streams.Values)
        {
            stream.AddCounts(ref counts);
        }
    }

    private bool Watch(uint id)
    {
        lock (_exports.Lock)
        {
            AssertInvariants();
            return _shared is not null || id != 0 && !_isDisposed && _streams.Count < MaxStreams && _streams.TryAdd(id, new OutStream(this, id));
        }
    }

    private bool Unwatch(uint id, out Action? userCode)
    {
        userCode = null;
        List<OutSubscription> subscriptions;
        OutStream? stream;
        lock (_exports.Lock)
        {
            AssertInvariants();
            if (!_streams.Remove(id, out stream))
            {
                return _shared is not null;
            }

            subscriptions = [.. _subscriptions.Values.Where(one => one.Stream == stream)];
            subscriptions.ForEach(one => _subscriptions.Remove(one.Id));
        }

        userCode = () =>
        {
            subscriptions.ForEach(_exports.Remove);
            lock (_exports.Lock)
            {
                AssertInvariants();
                stream.Clear();
            }
        };
        return true;
    }

    private bool Subscribe(SubscribeRequest request, out Action? userCode)
    {
        userCode = null;
        OutSubscription subscription;
        ReadyStreams ready = ReadyStreams.Rent();
        bool isKept = false;
        lock (_exports.Lock)
        {
            AssertInvariants();
            OutStream? stream = _shared ?? _streams.GetValueOrDefault(request.Stream);
            if (_isDisposed || stream is null || request.Subscription == 0)
            {
                return false;
            }

            if (_subscriptions.ContainsKey(request.Subscription) || !stream.CanReply)
            {
                return false;
            }

            subscription = new OutSubscription(stream, request, importer: _shared is null ? null : this);
            string? reason =
                request.IsPattern && !_exports.Capabilities.HasFlag(RemoteCapabilities.Patterns) ? "patterns are not supported"
                : !(request.IsPattern ? RemoteNames.IsPattern(request.Name) : RemoteNames.IsValid(request.Name))
                || request.Type.Length > RemoteNames.MaxLength
                    ? "not a valid name"
                : request.Path.Count > RemoteExports.MaxPath ? "the path is too long"
                : _subscriptions.Count >= _maxSubscriptions ? "more subscriptions than allowed"
                : null;
            if (reason is null)
            {
                _subscriptions.Add(request.Subscription, subscription);
                isKept = true;
            }
            else
            {
                RemoteExports.Refuse(subscription, OutState.Ended, reason, ready);
            }
        }

        ready.Announce();
        userCode = isKept ? () => _exports.Add(subscription) : null;
        return isKept;
    }

    private bool Unsubscribe(UnsubscribeRequest request, out Action? userCode)
    {
        var subscriptions = new List<OutSubscription>();
        lock (_exports.Lock)
        {
            AssertInvariants();
            foreach (uint id in request.Subscriptions)
            {
                if (_subscriptions.Remove(id, out OutSubscription? subscription))
                {
                    subscriptions.Add(subscription);
                }
            }
        }

        userCode = () => subscriptions.ForEach(_exports.Remove);
        return true;
    }

    /// <summary>Handles the message that comes most often, without an object.</summary>
    private bool Credit(ReadOnlySpan<byte> message)
    {
        uint id = 0;
        ulong taken = 0;
        var reader = new FieldReader(message);
        while (reader.TryRead(out int field))
        {
            switch (field)
            {
                case CreditRequest.StreamFieldNumber when !reader.IsBytes:
                    id = (uint)reader.Number;
                    break;
                case CreditRequest.TakenFieldNumber when !reader.IsBytes:
                    taken = reader.Number;
                    break;
            }
        }

        ReadyStreams ready = ReadyStreams.Rent();
        bool isKnown;
        lock (_exports.Lock)
        {
            AssertInvariants();
            isKnown = _streams.TryGetValue(id, out OutStream? stream) && !_isDisposed;
            if (isKnown)
            {
                stream!.OnTaken(taken);
                ready.Add(stream);
            }
        }

        ready.Announce();
        return isKnown;
    }

    private async Task<SetReply> SetAsync(SetRequest request)
    {
        ExportState? export = _exports.Find(request.Name);
        string? reason =
            export is null || !RemoteExports.IsAllowed(export, Subscriber) ? "nothing is exported under this name, or it is not allowed"
            : export.TypeName != request.Type ? $"the type is {export.TypeName}, not {request.Type}"
            : export.Handle.Setter is null ? "it is a signal, not a property"
            : null;
        return reason is null ? await export!.Handle.Setter!.SetAsync(Subscriber, request).ConfigureAwait(false) : new SetReply { Refused = reason };
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_exports.Lock.IsHeldByCurrentThread);
        Debug.Assert(_streams.Count <= MaxStreams && _subscriptions.Count <= _maxSubscriptions);
        Debug.Assert(!_isDisposed || _subscriptions.Count == 0);
    }
}
