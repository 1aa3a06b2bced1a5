using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// The imports of an importer. <see cref="SignalImporting"/> adds to them; an exchange reports the connection to the exporter and passes batches on.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
public sealed partial class RemoteImports : IDisposable
{
    private readonly Action? _wanted;
    private readonly Dictionary<SubscriptionKey, InSubscription> _byKey = [];

    /// <summary>The subscriptions by their numbers. Changed while the lock is held, and read without it.</summary>
    private readonly ConcurrentDictionary<uint, InSubscription> _byId = new();
    private readonly Dictionary<ConnectionEvaluator, InStream> _streams = [];
    private uint _lastId;
    private uint _lastStream;
    private bool _isDisposed;

    /// <summary>Initializes the imports of an exchange.</summary>
    /// <param name="capabilities">The features that the exchange has.</param>
    /// <param name="evaluator">The evaluator that runs the slots of imports, unless their options have another one.</param>
    /// <param name="wanted">
    /// The delegate that is called when the first import is wanted, on the thread that connects to it, while no lock is held; null if the exchange connects
    /// anyway.
    /// </param>
    /// <param name="firstNumber">
    /// The first number of streams and of subscriptions. Imports that share a connection to an exporter need numbers that are far apart.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="firstNumber"/> is zero.</exception>
    public RemoteImports(RemoteCapabilities capabilities, ConnectionEvaluator evaluator, Action? wanted = null, uint firstNumber = 1)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentOutOfRangeException.ThrowIfZero(firstNumber);
        Capabilities = capabilities;
        Evaluator = evaluator;
        _wanted = wanted;
        _lastId = _lastStream = firstNumber - 1;
    }

    /// <summary>Gets the features that the exchange has.</summary>
    public RemoteCapabilities Capabilities { get; }

    /// <summary>Gets the number of subscriptions that are wanted.</summary>
    public int SubscriptionCount => _byId.Count;

    /// <summary>Guards the state of all imports, subscriptions and streams.</summary>
    internal Lock Lock { get; } = new();

    internal ConnectionEvaluator Evaluator { get; }

    /// <summary>Gets the pool of the lists that carry items from outlets within the process and from inboxes to the evaluator.</summary>
    internal OutItemLists Lists { get; } = new();

    internal bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>Takes a batch that an exporter has sent.</summary>
    /// <param name="link">The connection by which it came.</param>
    /// <param name="stream">The number of the stream.</param>
    /// <param name="batch">The batch, which is copied.</param>
    /// <returns>
    /// <see langword="false"/> if the batch is malformed, or the exporter has sent more than it was allowed to: the exchange ends the connection. Batches of
    /// a connection that is no longer a current one are ignored.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> is null.</exception>
    public bool Receive(IRemoteLink link, uint stream, ReadOnlySpan<byte> batch)
    {
        ArgumentNullException.ThrowIfNull(link);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(batch.Length);
        batch.CopyTo(bytes);
        InFlow? flow;
        bool isKept = false;
        var changes = default(InChanges);
        lock (Lock)
        {
            AssertInvariants();
            flow = FindFlow(link, stream);
            if (flow is not null && TryApply(batch, flow.Link, ref changes))
            {
                isKept = flow.Stream.TryAdd(
                    new InEvent
                    {
                        Flow = flow,
                        Bytes = bytes,
                        Length = batch.Length,
                        States = changes.States,
                    }
                );
            }
        }

        if (!isKept)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }

        Tell(changes);
        flow?.Stream.Schedule();
        return isKept || flow is null;
    }

    /// <summary>Ends all imports. Further calls do nothing.</summary>
    public void Dispose()
    {
        List<RemoteImport> imports;
        lock (Lock)
        {
            AssertInvariants();
            _isDisposed = true;
            imports = [.. _byId.Values.SelectMany(static subscription => subscription.Imports)];
        }

        RemoteMetrics.Remove(this);
        imports.ForEach(static import => import.Dispose());
    }

    /// <summary>Adds the subscriptions and what waits for evaluators.</summary>
    internal void AddCounts(ref QueueCounts counts)
    {
        lock (Lock)
        {
            AssertInvariants();
            counts.Subscriptions += _byId.Count;
            foreach (InStream stream in _streams.Values)
            {
                counts.Length += stream.Length;
            }

            foreach (InFlow flow in _links.Values.SelectMany(static link => link.Flows.Values))
            {
                counts.Bytes += flow.QueuedBytes;
            }
        }
    }

    /// <summary>Takes a batch within the process, whose items are no longer those of the caller. Runs no user code.</summary>
    /// <returns>The changes, which the caller tells.</returns>
    internal InChanges Keep(IRemoteLink link, uint stream, List<OutItem> items)
    {
        var changes = default(InChanges);
        lock (Lock)
        {
            AssertInvariants();
            if (FindFlow(link, stream) is not { } flow)
            {
                return changes;
            }

            foreach (OutItem item in items)
            {
                Apply(InItem.From(item), flow.Link, ref changes);
            }

            flow.Stream.TryAdd(
                new InEvent
                {
                    Flow = flow,
                    Items = items,
                    States = changes.States,
                }
            );
        }

        return changes;
    }

    /// <summary>Has the evaluator of a stream handle what has arrived.</summary>
    internal void Schedule(IRemoteLink link, uint stream)
    {
        InFlow? flow;
        lock (Lock)
        {
            AssertInvariants();
            flow = FindFlow(link, stream);
        }

        flow?.Stream.Schedule();
    }

    internal InSubscription? Find(uint id) => _byId.GetValueOrDefault(id);

    /// <summary>Subscribes for an import that is wanted, or lets it share a subscription. Called while the lock is held.</summary>
    /// <returns>True if this is the first subscription.</returns>
    internal bool Attach(RemoteImport import)
    {
        if (!_streams.TryGetValue(import.Evaluator, out InStream? stream))
        {
            _streams.Add(import.Evaluator, stream = new InStream(this, ++_lastStream, import.Evaluator));
        }

        SubscriptionKey key = import.CreateKey(stream);
        if (_byKey.TryGetValue(key, out InSubscription? shared))
        {
            shared.Imports = [.. shared.Imports, import];
            import.Subscription = shared;
            stream.AddState(import, shared.State, joined: shared);
            return false;
        }

        bool isFirst = _byId.IsEmpty;
        var subscription = new InSubscription(++_lastId, key) { Imports = [import] };
        if (_refusal is { } refusal)
        {
            subscription.OnNoExporter(refusal);
        }

        _byKey.Add(key, subscription);
        _byId.TryAdd(subscription.Id, subscription);
        stream.SubscriptionCount++;
        import.Subscription = subscription;
        foreach (InLink link in _links.Values)
        {
            SendSubscribe(subscription, link);
        }

        stream.AddState(import, subscription.State);
        return isFirst;
    }

    /// <summary>Ends the use of a subscription, and the subscription itself with the last one. Called while the lock is held.</summary>
    internal void Detach(RemoteImport import, RemoteState state)
    {
        InSubscription subscription = import.Subscription!;
        InStream stream = subscription.Key.Stream;
        import.Subscription = null;
        subscription.Imports = [.. subscription.Imports.Where(other => other != import)];
        stream.AddState(import, state);
        if (subscription.Imports.Length > 0)
        {
            return;
        }

        _byKey.Remove(subscription.Key);
        _byId.TryRemove(subscription.Id, out _);
        stream.SubscriptionCount--;
        bool endsStream = stream.SubscriptionCount == 0 && stream.Evaluator.IsDisposed;
        foreach (InLink link in _links.Values)
        {
            SendUnsubscribe(subscription, link);
            if (endsStream)
            {
                SendUnwatch(stream, link);
            }
        }

        if (endsStream)
        {
            _streams.Remove(stream.Evaluator);
        }
    }

    /// <summary>Called after an import has become wanted or unwanted, while no lock is held.</summary>
    internal void OnWanted(RemoteImport import, bool isFirst)
    {
        FlushAll();
        InStream? stream;
        lock (Lock)
        {
            AssertInvariants();
            stream = _streams.GetValueOrDefault(import.Evaluator);
        }

        stream?.Schedule();
        if (isFirst)
        {
            RemoteMetrics.Add(this);
            _wanted?.Invoke();
        }
    }

    private InFlow? FindFlow(IRemoteLink link, uint stream) => _links.TryGetValue(link, out InLink? known) ? known.Flows.GetValueOrDefault(stream) : null;

    /// <summary>Applies the changes of states in a batch at once. Returns false if it is malformed. Called while the lock is held.</summary>
    private bool TryApply(ReadOnlySpan<byte> batch, InLink link, ref InChanges changes)
    {
        try
        {
            var reader = new FieldReader(batch);
            while (reader.TryRead(out int field))
            {
                if (field == 1 && reader.IsBytes)
                {
                    Apply(InItem.Read(reader.Bytes), link, ref changes);
                }
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Apply(in InItem item, InLink link, ref InChanges changes)
    {
        if (!item.IsEvent)
        {
            return;
        }

        // Also where there is no subscription any more: a malformed item must not be met later.
        Wire.Grant? grant = item.Kind == OutKind.Granted ? item.ReadGrant() : null;
        Wire.SourcePath? path = item.Kind == OutKind.Path ? item.ReadPath() : null;
        if (!_byId.TryGetValue(item.Subscription, out InSubscription? subscription))
        {
            changes.Add(RemoteState.Idle, isRefused: false);
            return;
        }

        bool isRefused = false;
        string? name = item.ReadName(subscription);
        switch (item.Kind)
        {
            case OutKind.Granted:
                isRefused = !subscription.OnGranted(link, name, grant!);
                break;
            case OutKind.Path:
                isRefused = !subscription.OnPath(link, name, path!);
                break;
            case OutKind.Refused:
                subscription.OnRefused(link, name, item.ReadReason());
                break;
            default:
                subscription.OnWithdrawn(link, name);
                break;
        }

        if (isRefused)
        {
            // It would close a circle.
            SendUnsubscribe(subscription, link);
            changes.Sends = true;
        }

        changes.Add(subscription.State, isRefused);
        (changes.Imports ??= []).AddRange(subscription.Imports);
    }

    /// <summary>Tells imports of changes. Called while no lock is held.</summary>
    internal void Tell(InChanges changes)
    {
        if (changes.Sends)
        {
            FlushAll();
        }

        changes.Imports?.ForEach(static import => import.OnStateChanged());
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Lock.IsHeldByCurrentThread);
        Debug.Assert(_byKey.Count == _byId.Count, "Each subscription has a key and a number.");
        Debug.Assert(_links.Count <= 1 || Capabilities.HasFlag(RemoteCapabilities.ManyExporters), "There is one exporter.");
        Debug.Assert(_links.Count == 0 || _refusal is null, "An exporter is there, or there is none.");
    }
}
