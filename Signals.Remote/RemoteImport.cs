using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// The members that imported signals and properties have in common. An import is subscribed as long as something is connected to it; it needs no
/// exporter to exist.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe. <see cref="State"/> changes at once; <see cref="StateChanged"/>, <see cref="Missed"/> and the slots of the import
/// itself run on the evaluator of the import, in order.</para>
/// <para>The importer keeps an import alive while it is subscribed. Otherwise the import can be collected.</para>
/// </remarks>
public abstract class RemoteImport : IDisposable
{
    private readonly RemoteImports _owner;
    private readonly ImportOptions _options;
    private readonly string _typeName;
    private readonly bool _isProperty;
    private readonly Signal<RemoteState> _stateChanged = new();
    private readonly Signal<Missed> _missed = new();

    /// <summary>The exports of this import. The array is replaced while the lock of the imports is held.</summary>
    private volatile ExportState[] _exports = [];

    /// <summary>The state that the slots were told last. Used by the evaluator.</summary>
    private RemoteState _toldState;

    /// <summary>Indicates whether there are connections. Written by the handlers of the signal, which do not overlap.</summary>
    private volatile bool _isConnected;

    /// <summary>The number of reasons to stay subscribed without a connection. Guarded by the lock of the imports.</summary>
    private int _holds;

    private volatile bool _isEnded;
    private volatile InSubscription? _subscription;

    /// <summary>Ends the waits for a change, or null if there are none.</summary>
    private TaskCompletionSource? _changed;
    private ConnectionHandle _evaluatorEnd;

    /// <summary>The entry in the snapshots of the tracker, or null if the tracker is not supported.</summary>
    private TrackedImport? _tracked;

    private protected RemoteImport(RemoteImports owner, string name, string typeName, bool isProperty, ImportOptions options)
    {
        _owner = owner;
        _options = options;
        _typeName = RemoteNames.CheckTypeName(typeName, nameof(typeName));
        _isProperty = isProperty;
        Name = name;
        Evaluator = options.Evaluator ?? owner.Evaluator;
        ObjectDisposedException.ThrowIf(owner.IsDisposed, owner);
        ObjectDisposedException.ThrowIf(Evaluator.IsDisposed, Evaluator);
    }

    /// <summary>Gets the name.</summary>
    public string Name { get; }

    /// <summary>Gets the state.</summary>
    public RemoteState State =>
        _isEnded || _owner.IsDisposed ? RemoteState.Ended
        : _subscription is { } subscription ? subscription.State
        : RemoteState.Idle;

    /// <summary>Gets the reason why the import is <see cref="RemoteState.Refused"/>; otherwise null.</summary>
    public string? StateReason => _subscription is { State: RemoteState.Refused } subscription ? subscription.Reason : null;

    /// <summary>Gets a signal that is emitted with the new state. Connecting to it does not subscribe the import.</summary>
    public ISignal<RemoteState> StateChanged => _stateChanged;

    /// <summary>Gets a signal that is emitted before the next value when emissions were missed. Connecting to it does not subscribe the import.</summary>
    public ISignal<Missed> Missed => _missed;

    /// <summary>Gets the options as the exporter has granted them, or null if it has not yet.</summary>
    public RemoteGrant? Granted => _subscription?.Granted;

    internal ConnectionEvaluator Evaluator { get; }

    /// <summary>Gets the exports through which the values come.</summary>
    internal IReadOnlyList<string> GrantedPath => _subscription?.Path ?? [];

    /// <summary>The subscription, or null while the import is not wanted. Written while the lock of the imports is held.</summary>
    internal InSubscription? Subscription
    {
        get => _subscription;
        set => _subscription = value;
    }

    /// <summary>Gets a value that indicates whether the import needs the value that others of the subscription know.</summary>
    internal virtual bool IsWithoutValue => false;

    /// <summary>Gets a value that indicates whether the import receives the values of one exporter only, the first one, where there can be several.</summary>
    internal bool IsExclusive { get; init; }

    /// <summary>Gets a value that indicates whether the name is a pattern.</summary>
    internal bool IsPattern { get; init; }

    /// <summary>Adds the exports through which the values travel on, besides those of this import, or null.</summary>
    internal Action<List<string>>? MoreDownstream { get; init; }

    private protected RemoteImports Owner => _owner;

    /// <summary>
    /// Waits until the import is live; a property, until it has its value. The import is subscribed meanwhile, also if nothing is connected to it.
    /// </summary>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the import is live.</returns>
    /// <exception cref="RemoteRefusedException">The exporter refuses the subscription.</exception>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The wait was canceled.</exception>
    public async Task WaitUntilLiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using IDisposable held = KeepLive();
        while (true)
        {
            Task changed = NextChange();
            switch (State)
            {
                case RemoteState.Live when !IsWithoutValue:
                    return;
                case RemoteState.Refused:
                    throw new RemoteRefusedException($"{Name} is refused: {StateReason}.");
                case RemoteState.Ended:
                    throw new ObjectDisposedException(GetType().Name);
                default:
                    await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Keeps the import subscribed, also while nothing is connected to it.</summary>
    /// <returns>An object that ends this when it is disposed.</returns>
    /// <exception cref="ObjectDisposedException">The import or its importer has been disposed.</exception>
    public IDisposable KeepLive()
    {
        ThrowIfEnded();
        Update(+1);
        return new Hold(this);
    }

    /// <summary>
    /// Ends the import: its connections end, and it is no longer subscribed. Other imports of the name are not affected. Further calls do nothing.
    /// </summary>
    public void Dispose()
    {
        lock (_owner.Lock)
        {
            AssertInvariants();
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
        }

        Update(0);
        _evaluatorEnd.Disconnect();
        EndConnections();
        _tracked?.Dispose();
        OnChanged();
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the name and the state, for logs and debuggers.</summary>
    /// <returns>A description of the import.</returns>
    public override string ToString() => $"{Name} ({State})";

    internal SubscriptionKey CreateKey(InStream stream) =>
        new(stream, Name, _typeName, _isProperty, IsExclusive, IsPattern, _options.Overflow, _options.Capacity, _options.Replay, _options.ReplayCount);

    /// <summary>Decodes a value and gives it to the slots. Returns false if it cannot be decoded. Called by the evaluator.</summary>
    /// <exception cref="Exception">A slot threw.</exception>
    internal abstract bool Deliver(in InValue value);

    /// <summary>Tells the slots of the state. Called by the evaluator.</summary>
    internal void TellState(RemoteState state)
    {
        if (state != _toldState)
        {
            _toldState = state;
            _stateChanged.Emit(state);
        }
    }

    /// <summary>Tells the slots of a gap. Called by the evaluator.</summary>
    internal void TellMissed(Missed missed) => _missed.Emit(missed);

    /// <summary>Called after the state or the value has changed, while no lock is held.</summary>
    internal void OnChanged() => Interlocked.Exchange(ref _changed, null)?.TrySetResult();

    /// <summary>Called after the state or the path has changed, while no lock is held.</summary>
    internal void OnStateChanged()
    {
        OnChanged();
        if (SignalTracker.IsSupported && _tracked is { } tracked)
        {
            RemoteState state;
            do
            {
                // Again if it has changed meanwhile: another thread may have written the newer state before this one wrote the older.
                state = State;
                tracked.State = state.ToString();
            } while (state != State);
        }

        foreach (ExportState export in _exports)
        {
            export.UpdatePath();
        }
    }

    /// <summary>Takes note of an export of this import. Returns a description of the circle that it closes, and does nothing then; otherwise null.</summary>
    internal string? AddExport(ExportState export)
    {
        // In one step with grants: one of the two finds a circle.
        lock (_owner.Lock)
        {
            AssertInvariants();
            if (FindCircle(GrantedPath, export.Node) is { } circle)
            {
                return circle;
            }

            _exports = [.. _exports, export];
            return null;
        }
    }

    /// <summary>Forgets an export of this import.</summary>
    internal void RemoveExport(ExportState export)
    {
        lock (_owner.Lock)
        {
            AssertInvariants();
            _exports = [.. _exports.Where(other => other != export)];
        }
    }

    /// <summary>Returns a description of the circle that values which come through the given exports travel in, or null.</summary>
    internal string? FindCircle(IReadOnlyList<string> path)
    {
        foreach (ExportState export in _exports)
        {
            if (FindCircle(path, export.Node) is { } circle)
            {
                return circle;
            }
        }

        return null;
    }

    /// <summary>Adds the exports through which the values travel on.</summary>
    internal void AddDownstreamPath(List<string> path)
    {
        MoreDownstream?.Invoke(path);
        foreach (ExportState export in _exports)
        {
            export.Owner.AddDownstreamPath(export, path);
        }
    }

    /// <summary>Asks the exporter of a property.</summary>
    internal Task<ReadOnlyMemory<byte>> CallAsync(RemoteOperation operation, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        _owner.CallAsync(this, operation, message, cancellationToken);

    /// <summary>Begins the life of the import, after the derived class is complete.</summary>
    internal void Begin()
    {
        if (SignalTracker.IsSupported)
        {
            _tracked = SignalTracker.TrackImport(Name);
            _tracked.State = State.ToString();
        }

        if (Evaluator != _owner.Evaluator)
        {
            // Weakly: the evaluator may live longer.
            _evaluatorEnd = Evaluator.Disposed.ConnectWeak(this, static import => import.Dispose());
        }

        if (_options.KeepLive)
        {
            Update(+1);
        }
    }

    /// <summary>Throws if nothing can be connected any more.</summary>
    private protected void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_isEnded || _owner.IsDisposed, this);

    /// <summary>Ends the connections of the derived class.</summary>
    private protected abstract void EndConnections();

    /// <summary>Called when the first connection was made or the last one has ended. Calls do not overlap.</summary>
    private protected void OnConnected(bool isConnected)
    {
        _isConnected = isConnected;
        Update(0);
    }

    /// <summary>Returns the options of a signal that reports its first connection and the end of the last one.</summary>
    private protected SignalOptions ReportingOptions() =>
        new()
        {
            Name = Name,
            FirstConnectedHandler = () => OnConnected(true),
            LastDisconnectedHandler = () => OnConnected(false),
        };

    private void Update(int holds)
    {
        bool isFirst = false;
        lock (_owner.Lock)
        {
            AssertInvariants();
            _holds += holds;
            bool isWanted = !_isEnded && !_owner.IsDisposed && (_isConnected || _holds > 0);
            if (isWanted == _subscription is not null)
            {
                return;
            }

            if (isWanted)
            {
                isFirst = _owner.Attach(this);
            }
            else
            {
                _owner.Detach(this, _isEnded ? RemoteState.Ended : RemoteState.Idle);
            }
        }

        OnStateChanged();
        _owner.OnWanted(this, isFirst);
    }

    private static string? FindCircle(IReadOnlyList<string> path, string node)
    {
        for (int i = 0; i < path.Count; i++)
        {
            if (path[i] == node)
            {
                return RemoteNames.DescribeCircle([.. path.Take(i + 1).Reverse(), node]);
            }
        }

        return null;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_owner.Lock.IsHeldByCurrentThread);
        Debug.Assert(_holds >= 0, "Each hold ends once.");
        Debug.Assert(_subscription is not { } subscription || subscription.Imports.Contains(this), "The subscription knows its imports.");
        Debug.Assert(_exports.Distinct().Count() == _exports.Length, "Each export is known once.");
    }

    private Task NextChange()
    {
        TaskCompletionSource made = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Interlocked.CompareExchange(ref _changed, made, null) ?? made).Task;
    }

    private sealed class Hold(RemoteImport import) : IDisposable
    {
        private RemoteImport? _import = import;

        public void Dispose() => Interlocked.Exchange(ref _import, null)?.Update(-1);
    }
}
