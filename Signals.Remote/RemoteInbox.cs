using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>
/// The importer's end of a network that distributes messages, such as a broker, for the exports of one exporter, whose end is a
/// <see cref="RemoteBroadcast"/>. It has a queue for each subscription, counts the emissions that the network has lost, and passes batches to the imports.
/// </summary>
/// <remarks>
/// <para>
/// The exchange has an <see cref="IRemoteLink"/> for each exporter. The link passes each message to <see cref="Handle"/>, which sends those that the
/// exporter needs. The exchange passes batches from the network to <see cref="Receive"/> and <see cref="ReceiveEmissions"/>.
/// </para>
/// <para>
/// All members are thread-safe. They run no user code and do not block, so the thread that reads from the network can call them. Batches may come from a
/// hostile process: items that are malformed or exceed a limit are ignored.
/// </para>
/// </remarks>
public sealed partial class RemoteInbox : IThreadPoolWorkItem
{
    private const long MaxQueuedBytes = 1024 * 1024;
    private const int MaxBatchItems = 1024;
    private const int MaxBatchBytes = 256 * 1024;

    private readonly RemoteImports _imports;
    private readonly IRemoteLink _link;
    private readonly Action<RemoteOperation, ReadOnlyMemory<byte>> _send;
    private readonly Action<string, bool> _interest;
    private readonly PayloadPool _payloads = new();

    /// <summary>Guards everything below. No user code runs inside it, and the only other locks taken inside it are those of the pools.</summary>
    private readonly Lock _lock = new();

    private readonly Dictionary<uint, OutStream> _streams = [];
    private readonly Dictionary<uint, Inward> _byId = [];

    /// <summary>The subscriptions by their name or pattern.</summary>
    private readonly Dictionary<string, List<Inward>> _byRequest = new(StringComparer.Ordinal);

    /// <summary>The streams that may have items for the imports, each once.</summary>
    private readonly Queue<OutStream> _ready = new();
    private readonly HashSet<OutStream> _isReady = [];

    /// <summary>Indicates whether a thread passes items to the imports, or is about to do so.</summary>
    private bool _isPassing;

    /// <summary>The delegate to call when all items were passed to the imports, or null.</summary>
    private Action? _drained;

    /// <summary>Initializes an inbox.</summary>
    /// <param name="imports">The imports.</param>
    /// <param name="link">The link to the exporter, which the imports use.</param>
    /// <param name="send">
    /// The delegate that sends a message to the exporter, which calls <see cref="RemoteOutlet.Handle(RemoteOperation, ReadOnlySpan{byte})"/> with it. Called on the thread that calls a method
    /// of this class, while no lock is held. It must not block.
    /// </param>
    /// <param name="interest">
    /// The delegate that begins to receive the emissions of a name or a pattern, with <see langword="true"/>, before the subscription is sent to the exporter,
    /// or ends receiving them, with <see langword="false"/>. Called under the same conditions as <paramref name="send"/>.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public RemoteInbox(RemoteImports imports, IRemoteLink link, Action<RemoteOperation, ReadOnlyMemory<byte>> send, Action<string, bool> interest)
    {
        ArgumentNullException.ThrowIfNull(imports);
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(send);
        ArgumentNullException.ThrowIfNull(interest);
        _imports = imports;
        _link = link;
        _send = send;
        _interest = interest;
        RemoteMetrics.Add(this);
    }

    /// <summary>Gets the number of subscriptions.</summary>
    public int SubscriptionCount
    {
        get
        {
            lock (_lock)
            {
                AssertInvariants();
                return _byId.Count;
            }
        }
    }

    /// <summary>Handles a message of the imports without a reply, and sends it if the exporter needs it. Call it from <see cref="IRemoteLink.Send"/>.</summary>
    /// <param name="operation">The kind of the message.</param>
    /// <param name="message">The message.</param>
    public void Handle(RemoteOperation operation, ReadOnlyMemory<byte> message)
    {
        switch (operation)
        {
            case RemoteOperation.Watch:
                Watch(WatchRequest.Parser.ParseFrom(message.Span).Stream);
                break;
            case RemoteOperation.Unwatch:
                Unwatch(WatchRequest.Parser.ParseFrom(message.Span).Stream);
                break;
            case RemoteOperation.Subscribe:
                Subscribe(SubscribeRequest.Parser.ParseFrom(message.Span), message);
                break;
            case RemoteOperation.Unsubscribe:
                Unsubscribe(UnsubscribeRequest.Parser.ParseFrom(message.Span).Subscriptions);
                _send(operation, message);
                break;
            case RemoteOperation.Credit:
                CreditRequest credit = CreditRequest.Parser.ParseFrom(message.Span);
                OnTaken(credit.Stream, credit.Taken);
                break;
        }
    }

    /// <summary>Ends receiving the emissions of all names, because the connection to the exporter is lost. The caller reports the loss to the imports.</summary>
    public void Close()
    {
        string[] requests;
        lock (_lock)
        {
            AssertInvariants();
            requests = [.. _byRequest.Keys];
            _byRequest.Clear();
            _byId.Clear();
            foreach (OutStream stream in _streams.Values)
            {
                stream.Clear();
            }

            _streams.Clear();
            _ready.Clear();
            _isReady.Clear();
            _drained = null;
        }

        Array.ForEach(requests, request => _interest(request, false));
    }

    /// <summary>Refuses the subscriptions of a name or a pattern, because the network does not permit receiving their emissions.</summary>
    /// <param name="request">The name or the pattern.</param>
    /// <param name="reason">The reason, which <see cref="RemoteImport.StateReason"/> returns.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Refuse(string request, string reason)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reason);
        uint[] refused;
        lock (_lock)
        {
            AssertInvariants();
            refused = _byRequest.TryGetValue(request, out List<Inward>? subscriptions) ? [.. subscriptions.Select(static one => one.Id)] : [];
        }

        Array.ForEach(refused, id => _imports.Refuse(_link, id, reason));
    }

    /// <summary>
    /// Compares the numbers of the emissions that exports have published with those that have arrived. If emissions are missing, their subscriptions are renewed,
    /// so that imports report the gap, and properties receive the current value. The exporter publishes these numbers at intervals, after the emissions.
    /// </summary>
    /// <param name="lastNumbers">The numbers of the last emissions, by the numbers that identify the exports.</param>
    /// <exception cref="ArgumentNullException"><paramref name="lastNumbers"/> is null.</exception>
    public void OnProgress(IReadOnlyDictionary<ulong, ulong> lastNumbers)
    {
        ArgumentNullException.ThrowIfNull(lastNumbers);
        List<Inward> behind = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach (Inward subscription in _byId.Values)
            {
                if (subscription.IsBehind(lastNumbers))
                {
                    behind.Add(subscription);
                }
            }
        }

        foreach (Inward subscription in behind)
        {
            _send(RemoteOperation.Unsubscribe, new UnsubscribeRequest { Subscriptions = { subscription.Id } }.ToByteArray());
            _send(RemoteOperation.Subscribe, subscription.Message);
        }
    }

    /// <summary>
    /// Passes the received items to the imports before the exporter is reported as lost, because it has ended and has published the numbers of the last emissions.
    /// If emissions are missing, imports report the gap after the received ones.
    /// </summary>
    /// <param name="lastNumbers">The numbers of the last emissions, by the numbers that identify the exports.</param>
    /// <param name="drained">
    /// The delegate that is called when no item is left, unless <see cref="Close"/> is called before. It reports the loss to the imports, and calls
    /// <see cref="Close"/>. Items wait while an evaluator does not handle earlier ones. Called while no lock is held, possibly before this method returns. It
    /// must not block.
    /// </param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void Drain(IReadOnlyDictionary<ulong, ulong> lastNumbers, Action drained)
    {
        ArgumentNullException.ThrowIfNull(lastNumbers);
        ArgumentNullException.ThrowIfNull(drained);
        bool passes = false;
        lock (_lock)
        {
            AssertInvariants();
            _drained = drained;
            foreach (Inward subscription in _byId.Values)
            {
                subscription.EndWith(lastNumbers, MaxNumber);
                passes |= SetReady(subscription.Stream);
            }
        }

        Pass(passes);
        TellIfDrained();
    }

    /// <summary>Adds what waits to be passed to the imports.</summary>
    internal void AddCounts(ref QueueCounts counts)
    {
        lock (_lock)
        {
            AssertInvariants();
            foreach (OutStream stream in _streams.Values)
            {
                stream.AddCounts(ref counts);
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out OutStream? stream, out List<OutItem> items))
        {
            _imports.Tell(_imports.Keep(_link, stream.Id, items));
            _imports.Schedule(_link, stream.Id);
        }

        TellIfDrained();
    }

    /// <summary>Calls the delegate of <see cref="Drain"/> if no item is left. Called while no lock is held.</summary>
    private void TellIfDrained()
    {
        Action? drained;
        lock (_lock)
        {
            AssertInvariants();
            if (_drained is null || _isPassing || _streams.Values.Any(static stream => stream.HasUnsent()))
            {
                return;
            }

            drained = _drained;
            _drained = null;
        }

        drained();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutStream? stream, out List<OutItem> items)
    {
        items = _imports.Lists.Rent();
        lock (_lock)
        {
            AssertInvariants();
            while (_ready.TryPeek(out stream))
            {
                bool hasMore = stream.Take(items, MaxBatchItems, MaxBatchBytes);
                if (!hasMore)
                {
                    _ready.Dequeue();
                    _isReady.Remove(stream);
                }

                if (items.Count > 0)
                {
                    return true;
                }
            }

            _isPassing = false;
            _imports.Lists.Return(items);
            return false;
        }
    }

    private void Watch(uint id)
    {
        lock (_lock)
        {
            AssertInvariants();
            _streams.TryAdd(id, new OutStream(outlet: null, id));
        }
    }

    private void Unwatch(uint id)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_streams.Remove(id, out OutStream? stream) && _isReady.Remove(stream))
            {
                OutStream[] others = [.. _ready.Where(other => other != stream)];
                _ready.Clear();
                Array.ForEach(others, _ready.Enqueue);
            }
        }

        TellIfDrained();
    }

    private void Subscribe(SubscribeRequest request, ReadOnlyMemory<byte> message)
    {
        bool isFirst;
        lock (_lock)
        {
            AssertInvariants();
            if (!_streams.TryGetValue(request.Stream, out OutStream? stream))
            {
                return;
            }

            var subscription = new Inward(stream, request, message);
            _byId.Add(subscription.Id, subscription);
            ref List<Inward>? same = ref CollectionsMarshal.GetValueRefOrAddDefault(_byRequest, request.Name, out bool isKnown);
            (same ??= []).Add(subscription);
            isFirst = !isKnown;
        }

        if (isFirst)
        {
            _interest(request.Name, true);
        }

        _send(RemoteOperation.Subscribe, message);
    }

    private void Unsubscribe(IEnumerable<uint> ids)
    {
        List<string> unwanted = [];
        lock (_lock)
        {
            AssertInvariants();
            foreach (uint id in ids)
            {
                if (_byId.Remove(id, out Inward? subscription))
                {
                    subscription.DropUnsent();
                    List<Inward> same = _byRequest[subscription.Request.Name];
                    same.Remove(subscription);
                    if (same.Count == 0)
                    {
                        _byRequest.Remove(subscription.Request.Name);
                        unwanted.Add(subscription.Request.Name);
                    }
                }
            }
        }

        unwanted.ForEach(request => _interest(request, false));
        TellIfDrained();
    }

    private void OnTaken(uint id, ulong taken)
    {
        bool passes;
        lock (_lock)
        {
            AssertInvariants();
            if (!_streams.TryGetValue(id, out OutStream? stream))
            {
                return;
            }

            stream.OnTaken(taken);
            passes = SetReady(stream);
        }

        Pass(passes);
    }

    /// <summary>Records that a stream may have items. Returns true if the caller must start passing them on. Called while the lock is held.</summary>
    private bool SetReady(OutStream stream)
    {
        if (_isReady.Add(stream))
        {
            _ready.Enqueue(stream);
        }

        bool passes = !_isPassing;
        _isPassing = true;
        return passes;
    }

    private void Pass(bool passes)
    {
        if (passes)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_ready.Count == _isReady.Count, "Each stream is queued once.");
        Debug.Assert(_ready.Count == 0 || _isPassing, "A thread passes ready items on.");
    }
}
