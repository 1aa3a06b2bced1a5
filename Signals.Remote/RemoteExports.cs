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

    private readonly List<RemoteOutlet> _outlets = [];
    private readonly Action? _exported;
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
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    public RemoteExports(RemoteCapabilities capabilities, ConnectionEvaluator evaluator, TimeProvider? timeProvider = null, Action? exported = null)
        : this(capabilities, evaluator, timeProvider, exported, passesObjects: false) { }

    internal RemoteExports(
        RemoteCapabilities capabilities,
        ConnectionEvaluator evaluator,
        TimeProvider? timeProvider,
        Action? exported,
        bool passesObjects
    )
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        Capabilities = capabilities;
        Evaluator = evaluator;
        _exported = exported;
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
                return _exports.Count;
            }
        }
    }

    /// <summary>Guards all exports, streams and subscriptions, so that all importers see emissions in one order.</summary>
    internal Lock Lock { get; } = new();

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
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(ready);
        var outlet = new RemoteOutlet(this, subscriber, options, ready);
        lock (Lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _outlets.Add(outlet);
        }

        return outlet;
    }

    /// <summary>Withdraws all exports and disposes the outlets. Further calls do nothing.</summary>
    public void Dispose()
    {
        List<ExportState> exports;
        List<RemoteOutlet> outlets;
        lock (Lock)
        {
            _isDisposed = true;
            exports = [.. _exports.Values];
            outlets = [.. _outlets];
        }

        outlets.ForEach(static outlet => outlet.Dispose());
        exports.ForEach(Withdraw);
    }

    /// <summary>Adds an export.</summary>
    internal void Add(ExportState export)
    {
        if (export.SourceImport is { } source)
        {
            if (source.GrantedPath.Contains(export.Node))
            {
                throw new InvalidOperationException($"Exporting {export.Name} would close a circle: its values come from {export.Name} itself.");
            }

            source.AddExport(export);
        }

        lock (Lock)
        {
            AssertInvariants();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_exports.TryAdd(export.Name, export))
            {
                throw new InvalidOperationException($"{export.Name} is already exported.");
            }
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
                _exports.Remove(export.Name);
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
        lock (Lock)
        {
            string name = subscription.Request.Name;
            if (!_subscriptions.TryGetValue(name, out List<OutSubscription>? named))
            {
                _subscriptions.Add(name, named = []);
            }

            named.Add(subscription);
        }

        Examine(subscription);
    }

    /// <summary>Forgets a subscription.</summary>
    internal void Remove(OutSubscription subscription)
    {
        ExportState? export;
        lock (Lock)
        {
            AssertInvariants();
            export = RemoveLocked(subscription);
        }

        export?.UpdateSource();
    }

    internal void Remove(RemoteOutlet outlet, IEnumerable<OutSubscription> subscriptions)
    {
        HashSet<ExportState> exports = [];
        lock (Lock)
        {
            _outlets.Remove(outlet);
            foreach (OutSubscription subscription in subscriptions)
            {
                if (RemoveLocked(subscription) is { } export)
                {
                    exports.Add(export);
                }
            }
        }

        foreach (ExportState export in exports)
        {
            export.UpdateSource();
        }
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

    /// <summary>Adds the exports through which the values of an export travel on.</summary>
    internal void AddDownstreamPath(ExportState export, List<string> path)
    {
        lock (Lock)
        {
            export.AddDownstreamPath(path);
        }
    }

    /// <summary>Returns an export, or null.</summary>
    internal ExportState? Find(string name)
    {
        lock (Lock)
        {
            return _exports.GetValueOrDefault(name);
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
