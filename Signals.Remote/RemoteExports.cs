using System.Diagnostics;
using Signals.Remote.Wire;

namespace Signals.Remote;

/// <summary>
/// The exports of an exporter. <see cref="SignalExporting"/> adds to them; an exchange calls <see cref="Accept"/> for each importer that is connected.
/// </summary>
/// <remarks>All members are thread-safe.</remarks>
public sealed partial class RemoteExports : IDisposable
{
    internal const int MaxPath = 64;

    private readonly Dictionary<string, ExportState> _exports = new(StringComparer.Ordinal);

    /// <summary>The subscriptions of each name, in any state but <see cref="OutState.Ended"/>.</summary>
    private readonly Dictionary<string, List<OutSubscription>> _subscriptions = new(StringComparer.Ordinal);

    private readonly HashSet<RemoteOutlet> _outlets = [];
    private readonly Action? _exported;
    private readonly Action<string, Exception>? _failed;
    private bool _isDisposed;

    /// <summary>Initializes the exports of an exchange.</summary>
    /// <param name="capabilities">The features that the exchange has.</param>
    /// <param name="evaluator">
    /// The evaluator that runs the slots of <see cref="RemoteExport.Subscribed"/>, <see cref="RemoteExport.Unsubscribed"/> and
    /// <see cref="RemoteExport.Failed"/>, and the functions <see cref="ExportedProperty{T}.SetRequested"/>.
    /// </param>
    /// <param name="timeProvider">The clock, or null for that of the system.</param>
    /// <param name="exported">
    /// The delegate that is called after something was exported, on the thread that exports, while no lock is held; null if the exchange is always ready.
    /// </param>
    /// <param name="failed">
    /// The delegate that is called, with the name of the export, for each exception that <see cref="RemoteExport.Failed"/> reports, on the thread where it
    /// occurs, while no lock is held; an exchange writes it to its log. Null if it is not needed.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public RemoteExports(
        RemoteCapabilities capabilities,
        ConnectionEvaluator evaluator,
        TimeProvider? timeProvider = null,
        Action? exported = null,
        Action<string, Exception>? failed = null
    )
        : this(capabilities, evaluator, timeProvider, exported, failed, passesObjects: false) { }

    internal RemoteExports(
        RemoteCapabilities capabilities,
        ConnectionEvaluator evaluator,
        TimeProvider? timeProvider,
        Action? exported,
        Action<string, Exception>? failed,
        bool passesObjects
    )
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        Capabilities = capabilities;
        Evaluator = evaluator;
        _exported = exported;
        _failed = failed;
        Time = timeProvider ?? TimeProvider.System;
        Events = new ExportEvents(evaluator);
        PassesObjects = passesObjects;
    }

    /// <summary>Gets the features that the exchange has.</summary>
    public RemoteCapabilities Capabilities { get; }

    /// <summary>Gets the number of exported names.</summary>
    public int Count
    {
        get
        {
            lock (Lock)
            {
                AssertInvariants();
                return _exports.Count;
            }
        }
    }

    /// <summary>Guards all exports, streams and subscriptions, so that all importers see emissions in one order.</summary>
    internal Lock Lock { get; } = new();

    /// <summary>The number of the last emission of all exports. Guarded by the lock.</summary>
    internal long LastOrder;

    internal string Id { get; } = Guid.NewGuid().ToString("N")[..16];

    internal ConnectionEvaluator Evaluator { get; }

    internal TimeProvider Time { get; }

    internal bool PassesObjects { get; }

    internal ExportEvents Events { get; }

    internal PayloadPool Payloads { get; } = new();

    /// <summary>Begins to serve an importer that has connected.</summary>
    /// <param name="subscriber">The importer, as <see cref="ExportOptions.Authorize"/> and the signals of exports see it.</param>
    /// <param name="options">The limits of the importer.</param>
    /// <param name="ready">
    /// The delegate that is called with the number of a stream when batches can be taken from it with <see cref="RemoteOutlet.TryWriteBatch"/>. It is
    /// called on any thread, also on one that emits a signal, never while a lock of this library is held, and must not wait.
    /// </param>
    /// <returns>The outlet. The exchange disposes it when the connection ends.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The exports have been disposed.</exception>
    public RemoteOutlet Accept(RemoteSubscriber subscriber, RemoteOutletOptions options, Action<uint> ready)
    {
        ArgumentNullException.ThrowIfNull(ready);
        return AddOutlet(subscriber, options, ready, shared: null);
    }

    /// <summary>
    /// Begins to serve importers over a network that distributes each emission to all of them. Use this method instead of
    /// <see cref="Accept"/>.
    /// </summary>
    /// <param name="options">The limits of all importers together. The limit of subscriptions applies to each importer.</param>
    /// <param name="ready">
    /// The delegate that is called when <see cref="RemoteBroadcast.TryTake"/> has items, on any thread, including threads that emit a signal, but
    /// never while a lock of this library is held. It must not block.
    /// </param>
    /// <returns>The broadcast. The exchange disposes it before the exports.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ObjectDisposedException">The exports have been disposed.</exception>
    public RemoteBroadcast Broadcast(RemoteOutletOptions options, Action ready)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ready);
        return new RemoteBroadcast(this, options, ready);
    }

    /// <summary>Reports that the network does not carry the emissions of an export: <see cref="RemoteExport.Failed"/> is emitted, and the failure is logged.</summary>
    /// <param name="name">The name of the export. If the name is not exported, the method does nothing.</param>
    /// <param name="exception">The reason.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public void ReportFailure(string name, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(exception);
        Find(name)?.Handle.OnFailed(exception);
    }

    /// <summary>Begins to serve an importer, with a stream that it shares with others or with streams of its own.</summary>
    internal RemoteOutlet AddOutlet(RemoteSubscriber subscriber, RemoteOutletOptions options, Action<uint> ready, OutStream? shared)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(options);
        var outlet = new RemoteOutlet(this, subscriber, options, ready, shared);
        lock (Lock)
        {
            AssertInvariants();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _outlets.Add(outlet);
        }

        RemoteMetrics.Add(this);
        return outlet;
    }

    /// <summary>Withdraws all exports and disposes the outlets. Further calls do nothing.</summary>
    public void Dispose()
    {
        List<ExportState> exports;
        List<RemoteOutlet> outlets;
        lock (Lock)
        {
            AssertInvariants();
            _isDisposed = true;
            exports = [.. _exports.Values];

            // The outlets of importers end before the one that owns their shared stream.
            outlets = [.. _outlets.OrderBy(static outlet => outlet.OwnsShared)];
        }

        RemoteMetrics.Remove(this);
        outlets.ForEach(static outlet => outlet.Dispose());
        exports.ForEach(Withdraw);
    }

    /// <summary>Adds an export.</summary>
    internal void Add(ExportState export)
    {
        if (export.SourceImport?.AddExport(export) is { } circle)
        {
            throw new InvalidOperationException($"{export.Name} cannot be exported: {circle}.");
        }

        bool isDisposed;
        bool isAdded;
        ExportState? replaced = null;
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Lock)
        {
            AssertInvariants();
            isDisposed = _isDisposed;
            isAdded = !isDisposed && (_exports.TryAdd(export.Name, export) || TryReplaceRelayed(export, ready, out replaced));
            if (isAdded)
            {
                AddMatching(export);
            }
        }

        ready.Announce();

        if (!isAdded)
        {
            export.SourceImport?.RemoveExport(export);
            ObjectDisposedException.ThrowIf(isDisposed, this);
            throw new InvalidOperationException($"{export.Name} is already exported.");
        }

        if (replaced is not null)
        {
            replaced.SourceImport!.RemoveExport(replaced);
            replaced.UpdateSource();
        }

        export.UpdateSource();
        Examine(export.Name);
        _exported?.Invoke();
    }

    /// <summary>Ends an export.</summary>
    internal void Withdraw(ExportState export)
    {
        ReadyStreams ready = ReadyStreams.Rent();
        lock (Lock)
        {
            AssertInvariants();
            if (!export.IsWithdrawn)
            {
                export.Withdraw(ready);
                RemoveName(export);
            }
        }

        ready.Announce();
        export.SourceImport?.RemoveExport(export);
        export.UpdateSource();

        // Another one may have been exported meanwhile, while the subscriptions still belonged to this one.
        Examine(export.Name);
    }

    /// <summary>Keeps a subscription, and examines it.</summary>
    internal void Add(OutSubscription subscription)
    {
        List<OutSubscription> added = [subscription];
        lock (Lock)
        {
            AssertInvariants();
            if (subscription.State == OutState.Ended)
            {
                // The importer has unsubscribed meanwhile: another thread reads its messages while the code of an export blocks.
                return;
            }

            if (subscription.Request.IsPattern)
            {
                added = AddPattern(subscription);
            }
            else
            {
                AddNamed(subscription);
            }
        }

        added.ForEach(Examine);
    }

    /// <summary>Forgets a subscription.</summary>
    internal void Remove(OutSubscription subscription) => Remove([subscription]);

    /// <summary>Forgets an importer and its subscriptions.</summary>
    internal void Remove(RemoteOutlet outlet, IEnumerable<OutSubscription> subscriptions)
    {
        lock (Lock)
        {
            AssertInvariants();
            _outlets.Remove(outlet);
        }

        Remove(subscriptions);
    }

    private void Remove(IEnumerable<OutSubscription> subscriptions)
    {
        HashSet<ExportState> exports = [];
        HashSet<(string Name, string TypeName)> unwanted = [];
        lock (Lock)
        {
            AssertInvariants();
            foreach (OutSubscription subscription in subscriptions.SelectMany(one => (OutSubscription[])[one, .. RemovePattern(one)]))
            {
                if (RemoveLocked(subscription) is { } export)
                {
                    exports.Add(export);
                }
                else if (_relay is not null)
                {
                    unwanted.Add((subscription.Request.Name, subscription.Request.Type));
                }
            }
        }

        foreach (ExportState export in exports)
        {
            export.UpdateSource();
        }

        foreach ((string name, string typeName) in unwanted)
        {
            _relay!.OnRemoved(name, typeName);
        }
    }

    /// <summary>Keeps a subscription to a name. Called while the lock is held.</summary>
    private void AddNamed(OutSubscription subscription)
    {
        string name = subscription.Request.Name;
        if (!_subscriptions.TryGetValue(name, out List<OutSubscription>? named))
        {
            _subscriptions.Add(name, named = []);
        }

        named.Add(subscription);
    }

    /// <summary>Examines the subscriptions again that found no place. Called while the lock is held.</summary>
    internal void OnPlace(ExportState export)
    {
        if (
            export.Options.MaxSubscribers is not null
            && _subscriptions.TryGetValue(export.Name, out List<OutSubscription>? named)
            && named.Find(static one => one.State == OutState.NoPlace) is { } next
        )
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.Exports.Examine(work.Next), (Exports: this, Next: next), preferLocal: false);
        }
    }

    /// <summary>Lists the names that a subscriber may import. Runs user code.</summary>
    internal ListReply List(RemoteSubscriber subscriber, string after, int maxCount)
    {
        List<ExportState> exports;
        lock (Lock)
        {
            AssertInvariants();
            exports = [.. _exports.Values.Where(export => string.CompareOrdinal(export.Name, after) > 0)];
        }

        var reply = new ListReply();
        foreach (ExportState export in exports.OrderBy(static export => export.Name, StringComparer.Ordinal))
        {
            if (!IsAllowed(export, subscriber))
            {
                continue;
            }

            if (reply.Exports.Count == maxCount)
            {
                reply.HasMore = true;
                break;
            }

            reply.Exports.Add(
                new ExportInfo
                {
                    Name = export.Name,
                    Type = export.TypeName,
                    IsProperty = export.IsProperty,
                }
            );
        }

        return reply;
    }

    /// <summary>Reports an exception of an export to the exchange. Called while no lock is held.</summary>
    internal void OnFailed(string name, Exception exception) => _failed?.Invoke(name, exception);

    /// <summary>Adds the exports through which the values of an export travel on.</summary>
    internal void AddDownstreamPath(ExportState export, List<string> path)
    {
        lock (Lock)
        {
            AssertInvariants();
            export.AddDownstreamPath(path);
        }
    }

    /// <summary>Returns an export, or null.</summary>
    internal ExportState? Find(string name)
    {
        lock (Lock)
        {
            AssertInvariants();
            return _exports.GetValueOrDefault(name);
        }
    }

    private void RemoveName(ExportState export)
    {
        // The export of a relay that could not be added has not the name.
        if (_exports.GetValueOrDefault(export.Name) == export)
        {
            _exports.Remove(export.Name);
        }
    }

    private ExportState? RemoveLocked(OutSubscription subscription)
    {
        if (subscription.State == OutState.Ended)
        {
            return null;
        }

        subscription.State = OutState.Ended;
        subscription.Examination++;
        subscription.Stream.DropUnsent(subscription);
        if (_subscriptions.TryGetValue(subscription.Request.Name, out List<OutSubscription>? named))
        {
            named.Remove(subscription);
            if (named.Count == 0)
            {
                _subscriptions.Remove(subscription.Request.Name);
            }
        }

        ExportState? export = subscription.Export;
        subscription.Export = null;
        export?.Remove(subscription);
        return export;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(Lock.IsHeldByCurrentThread);
        Debug.Assert(!_isDisposed || _exports.Values.All(static export => !export.IsWithdrawn));
    }
}
