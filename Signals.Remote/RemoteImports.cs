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
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public RemoteImports(RemoteCapabilities capabilities, ConnectionEvaluator evaluator, Action? wanted = null)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        Capabilities = capabilities;
        Evaluator = evaluator;
        _wanted = wanted;
    }

    /// <summary>Gets the features that the exchange has.</summary>
    public RemoteCapabilities Capabilities { get; }

    /// <summary>Gets the number of subscriptions that are wanted.</summary>
    public int SubscriptionCount => _byId.Count;

    /// <summary>Guards the state of all imports, subscriptions and streams.</summary>
    internal Lock Lock { get; } = new();

    internal ConnectionEvaluator Evaluator { get; }

    internal bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>Takes a batch that an exporter has sent.</summary>
    /// <param name="link">The connection by which it came.</param>
    /// <param name="stream">The number of the stream.</param>
    /// <param name="batch">The batch, which is copied.</param>
    /// <returns>
    /// <see langword="false"/> if the batch is malformed, or the exporter has sent more than it was allowed to: the exchange ends the connection. Batches of
    /// a connection that is no longer the current one are ignored.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="link"/> is null.</exception>
    public bool Receive(IRemoteLink link, uint stream, ReadOnlySpan<byte> batch)
    {
        ArgumentNullException.ThrowIfNull(link);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(batch.Length);
        batch.CopyTo(bytes);
        InStream? known;
        bool isValid;
        var changed = new List<RemoteImport>();
        lock (Lock)
        {
            AssertInvariants();
            known = link == _link ? FindStream(stream) : null;
            isValid =
                known is null
                || (
                    TryApply(batch, changed)
                    && known.TryAdd(
                        new InEvent
                        {
                            Bytes = bytes,
                            Length = batch.Length,
                            Link = _linkNumber,
                        }
                    )
                );
        }

        OnChanged(changed);
        known?.Schedule();
        return isValid;
    }

    /// <summary>Ends all imports. Further calls do nothing.</summary>
    public void Dispose()
    {
        List<RemoteImport> imports;
        lock (Lock)
        {
            _isDisposed = true;
            imports = [.. _byId.Values.SelectMany(static subscription => subscription.Imports)];
        }

        imports.ForEach(static import => import.Dispose());
    }

    /// <summary>Takes a batch within the process, whose items are no longer those of the caller. Runs no user code.</summary>
    internal void Keep(IRemoteLink link, uint stream, List<OutItem> items)
    {
        var changed = new List<RemoteImport>();
        lock (Lock)
        {
            AssertInvariants();
            if (link != _link || FindStream(stream) is not { } known)
            {
                return;
            }

            foreach (OutItem item in items)
            {
                Apply(InItem.From(item), changed);
            }

            known.TryAdd(new InEvent { Items = items, Link = _linkNumber });
        }

        OnChanged(changed);
    }

    /// <summary>Has the evaluator of a stream handle what has arrived.</summary>
    internal void Schedule(uint stream)
    {
        InStream? known;
        lock (Lock)
        {
            known = FindStream(stream);
        }

        known?.Schedule();
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
        var subscription = new InSubscription(++_lastId, key) { Imports = [import], State = RemoteState.Waiting };
        if (_refusal is { } refusal)
        {
            subscription.Reason = refusal;
            subscription.State = RemoteState.Refused;
        }

        _byKey.Add(key, subscription);
        _byId.TryAdd(subscription.Id, subscription);
        stream.SubscriptionCount++;
        import.Subscription = subscription;
        stream.AddState(import, subscription.State);
        if (_link is not null)
        {
            SendSubscribe(subscription);
        }

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
        SendUnsubscribe(subscription);
        if (stream.SubscriptionCount == 0 && stream.Evaluator.IsDisposed)
        {
            _streams.Remove(stream.Evaluator);
            SendUnwatch(stream);
        }
    }

    /// <summary>Called after an import has become wanted or unwanted, while no lock is held.</summary>
    internal void OnWanted(RemoteImport import, bool isFirst)
    {
        Flush();
        InStream? stream;
        lock (Lock)
        {
            stream = _streams.GetValueOrDefault(import.Evaluator);
        }

        stream?.Schedule();
        if (isFirst)
        {
            _wanted?.Invoke();
        }
    }

    private InStream? FindStream(uint id)
    {
        foreach (InStream stream in _streams.Values)
        {
            if (stream.Id == id)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>Applies the changes of states in a batch at once. Returns false if it is malformed. Called while the lock is held.</summary>
    private bool TryApply(ReadOnlySpan<byte> batch, List<RemoteImport> changed)
    {
        try
        {
            var reader = new FieldReader(batch);
            while (reader.TryRead(out int field))
            {
                if (field == 1 && reader.IsBytes)
                {
                    Apply(InItem.Read(reader.Bytes), changed);
                }
            }

            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void Apply(in InItem item, List<RemoteImport> changed)
    {
        if (!item.IsEvent)
        {
            return;
        }

        // Also where there is no subscription any more: a malformed item must not be met later.
        Wire.Grant? grant = item.Kind == OutKind.Granted ? item.ReadGrant() : null;
        if (!_byId.TryGetValue(item.Subscription, out InSubscription? subscription))
        {
            return;
        }

        if (grant is not null)
        {
            subscription.OnGranted(grant);
        }
        else if (item.Kind == OutKind.Refused)
        {
            subscription.Reason = item.ReadReason();
            subscription.State = RemoteState.Refused;
        }
        else
        {
            subscription.State = RemoteState.Waiting;
        }

        changed.AddRange(subscription.Imports);
    }

    private static void OnChanged(List<RemoteImport> imports)
    {
        foreach (RemoteImport import in imports)
        {
            import.OnChanged();
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Lock.IsHeldByCurrentThread);
        Debug.Assert(_byKey.Count == _byId.Count, "Each subscription has a key and a number.");
        Debug.Assert(_link is not null || _messages.Count == 0, "Messages need a link.");
    }
}
