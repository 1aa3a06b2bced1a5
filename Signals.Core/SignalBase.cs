using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// Base class of the signals of every arity. Manages their connections and their disposal. See <see cref="Signal{T}"/> for a description
/// of signals.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe and may also be called from inside a slot of this signal. No slot runs while this library holds a
/// lock.</para>
/// <para>Disposing a signal is optional: it holds no resources other than memory. Dispose a signal to end its connections and to complete
/// its observers.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(SignalDebugView))]
public abstract class SignalBase : IDisposable
{
    /// <summary>Number of disposed signals. When it has changed, chained connections are checked.</summary>
    private static int _disposals;

    /// <summary>The connections.</summary>
    private SlotStore _store;

    private protected SignalBase() => TrackedObjects.AddIfSupported(this, null);

    private protected SignalBase(SignalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SignalOptions copy = options.Copy();
        _store = new SlotStore(new SlotExtras { Options = copy, Watch = ConnectionWatch.Of(copy) });
        TrackedObjects.AddIfSupported(this, copy);
    }

    /// <summary>Gets the number of active connections, including blocked ones.</summary>
    public int ConnectionCount => _store.Count;

    /// <summary>Gets a value that indicates whether the signal has no active connection.</summary>
    public bool IsEmpty => ConnectionCount == 0;

    /// <summary>Gets a value that indicates whether the signal has been disposed.</summary>
    public bool IsDisposed => _store.IsDisposed;

    /// <summary>
    /// Gets a value that indicates whether the signal has a <see cref="SignalOptions.FirstConnectedHandler"/> or a
    /// <see cref="SignalOptions.LastDisconnectedHandler"/>, so that being connected to it has a cost or a meaning. A library that may connect early or
    /// late uses it to decide.
    /// </summary>
    public bool HasConnectionHandlers => _store.Extras is { Watch: not null };

    /// <summary>
    /// Gets the number of signals that have been disposed in this process. A signal is marked as disposed before it is counted.
    /// </summary>
    internal static int Disposals => Volatile.Read(ref _disposals);

    /// <summary>Counts a disposed signal, which has been marked as such before.</summary>
    internal static void CountDisposal() => Interlocked.Increment(ref _disposals);

    /// <summary>Gets the signal's type with its type arguments, for example "Signal&lt;Int32&gt;".</summary>
    internal string TypeName => TypeNames.Of(GetType());

    /// <summary>Gets the handler for exceptions of slots, or null if they are to be rethrown.</summary>
    internal Action<Exception, ConnectionHandle>? ExceptionHandler => _store.Extras?.Options?.ExceptionHandler;

    /// <summary>Gets a value that indicates whether an emission ends with the first slot that throws.</summary>
    internal bool StopsAtFirst => _store.Extras is { StopsAtFirst: true };

    /// <summary>Gets the method that emits this signal, for messages and debuggers.</summary>
    internal abstract Delegate Emitter { get; }

    /// <summary>Creates the delegate that emissions call instead of a slot while the tracker is supported.</summary>
    private protected abstract Delegate Track(TrackedConnection connection);

    /// <summary>Returns the delegate that emissions call instead of a slot while the tracker is supported.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Delegate Track(Delegate slot, int group) => Track(new TrackedConnection(TrackedObjects.RecordOf(this), slot, group));

    /// <summary>Gets the slots that an emission runs: null, the only slot, or a <see cref="DenseTable{T}"/>.</summary>
    private protected object? Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _store.Slots;
    }

    /// <summary>Gets a value that indicates whether an emission would run a slot.</summary>
    internal bool HasSlots => Slots is not null;

    /// <summary>
    /// Gets a value that indicates whether connections have been inserted between others. A walk whose table was replaced then has to look up
    /// each connection, because new ones may be between those that it has to call.
    /// </summary>
    internal bool HasGroups => _store.Extras is { Groups: not null };

    /// <summary>
    /// Ends a connection of this signal. Does nothing if the connection has already ended. See <see cref="ConnectionHandle.Disconnect"/>.
    /// </summary>
    /// <param name="handle">The handle of the connection. The handle and all its copies become inactive.</param>
    /// <exception cref="ArgumentException"><paramref name="handle"/> is not the handle of a connection of this signal.</exception>
    public void Disconnect(ConnectionHandle handle)
    {
        ThrowIfForeign(handle);
        TryDisconnect(handle.Index);
    }

    /// <summary>
    /// Ends all connections. Their handles become inactive, emissions start no further slot on this thread, and queued invocations of
    /// deferred connections do not run. New connections can be made afterwards. Does nothing if the signal has been disposed.
    /// </summary>
    public void DisconnectAll() => EndedConnections.EndAll(this, ref _store, dispose: false);

    /// <summary>Blocks or unblocks a connection of this signal. See <see cref="ConnectionHandle.Block"/>.</summary>
    /// <param name="handle">The handle of the connection.</param>
    /// <param name="blocked"><see langword="true"/> to block the connection; <see langword="false"/> to unblock it.</param>
    /// <returns><see langword="true"/> if the connection was blocked before the call; otherwise, <see langword="false"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="handle"/> is not the handle of a connection of this signal.</exception>
    /// <exception cref="InvalidOperationException">The connection has ended.</exception>
    public bool BlockConnection(ConnectionHandle handle, bool blocked)
    {
        ThrowIfForeign(handle);
        return handle.Block(blocked);
    }

    /// <summary>Determines whether a connection of this signal is active and blocked.</summary>
    /// <param name="handle">The handle of the connection.</param>
    /// <returns><see langword="true"/> if the connection is blocked; <see langword="false"/> if it is not blocked or has ended.</returns>
    /// <exception cref="ArgumentException"><paramref name="handle"/> is not the handle of a connection of this signal.</exception>
    public bool IsConnectionBlocked(ConnectionHandle handle)
    {
        ThrowIfForeign(handle);
        return IsBlocked(handle.Index);
    }

    /// <summary>
    /// Releases the memory that the active connections do not need. Handles keep their meaning. Calling this is rarely necessary: a signal
    /// releases memory automatically when no or few connections are left, and, when a connection is added, if the gaps that ended connections
    /// have left are half of its storage.
    /// </summary>
    public void TrimExcess() => _store.Trim();

    /// <summary>
    /// Disposes the signal: ends all connections, as <see cref="DisconnectAll"/> does, and completes the observers. Afterwards, emitting
    /// the signal does nothing, and connecting to it throws <see cref="ObjectDisposedException"/>. Further calls do nothing.
    /// </summary>
    /// <exception cref="Exception">
    /// An observer threw when it was completed, and the signal has no <see cref="SignalOptions.ExceptionHandler"/>. The exception is thrown after all
    /// observers have been completed: a single exception as it was thrown, several as an <see cref="AggregateException"/>.
    /// </exception>
    public void Dispose()
    {
        EndedConnections.EndAll(this, ref _store, dispose: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Returns the signal's type and the number of its connections, for logs and debuggers.</summary>
    /// <returns>A description of the signal.</returns>
    public override string ToString()
    {
        if (IsDisposed)
        {
            return $"{TypeName} (disposed)";
        }

        int blocked = BlockedCount();
        int count = ConnectionCount;
        string connections = count == 1 ? "1 connection" : $"{count} connections";
        return blocked == 0 ? $"{TypeName} ({connections})" : $"{TypeName} ({connections}, {blocked} blocked)";
    }

    /// <summary>Returns the connections with their slots, in order, for debuggers.</summary>
    internal List<(GenIndex Index, Delegate Slot)> Snapshot() => _store.Snapshot();

    /// <summary>Returns the table of the connections, and creates it if there is none.</summary>
    internal SlotTable RequireTable() => _store.RequireTable();

    /// <summary>
    /// Determines whether an entry is empty because its connection has moved to another table, which replaced this one during the walk. If
    /// not, the entry is a hole, or its connection is blocked.
    /// </summary>
    internal bool HasMoved(DenseTable<Delegate?> dense, ulong id)
    {
        if (!DenseId.IsLive(id))
        {
            return false;
        }

        // The successor is installed before the slots of the old table are cleared: a thread that finds a cleared slot finds the successor.
        Volatile.ReadBarrier();
        return Slots != dense;
    }

    /// <summary>
    /// Returns the position at which a walk continues after its table was replaced: see <see cref="TableMoves.TryFollow"/>.
    /// </summary>
    internal bool TryFollow(ref DenseTable<Delegate?> dense, ref int next, ref int end) => _store.TryFollow(ref dense, ref next, ref end);

    /// <summary>Finds the slot of a connection that is active and not blocked.</summary>
    internal bool TryGetSlot(GenIndex index, [NotNullWhen(true)] out Delegate? slot) => _store.TryGetSlot(index, out slot);

    internal bool IsActive(GenIndex index) => _store.IsActive(index);

    internal bool IsBlocked(GenIndex index) => _store.IsBlocked(index);

    /// <summary>Ends a connection. Returns true if this call ended it. Does not throw.</summary>
    internal bool TryDisconnect(GenIndex index)
    {
        bool ended = _store.TryRemove(index, out SlotAdapter? notified);
        if (_store.Extras is { } extras)
        {
            if (notified is not null)
            {
                EndedConnections.NotifyDisconnected(notified, new ConnectionHandle(this, index));
            }

            extras.Watch?.Update(this);
        }

        return ended;
    }

    /// <summary>Blocks or unblocks a connection. Returns whether it was blocked before, or null if it has ended.</summary>
    internal bool? TryBlock(GenIndex index, bool blocked) => _store.TryBlock(index, blocked);

    /// <summary>Adds a connection whose slot takes the signal's arguments.</summary>
    internal ConnectionHandle ConnectSlot([NotNull] Delegate? slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return Add(slot);
    }

    /// <summary>Adds a connection.</summary>
    /// <param name="slot">The delegate that an emission calls.</param>
    /// <param name="adapter">The adapter that the slot is bound to, or null if it is bound to none.</param>
    internal ConnectionHandle ConnectBound(Delegate slot, SlotAdapter? adapter)
    {
        if (adapter is null)
        {
            return Add(slot);
        }

        adapter.OnPreparing();
        try
        {
            return ConnectPrepared(slot, adapter);
        }
        catch
        {
            adapter.OnRejected();
            throw;
        }
    }

    /// <summary>Adds a connection whose adapter has been prepared.</summary>
    internal ConnectionHandle ConnectPrepared(Delegate slot, SlotAdapter? adapter, int group = 0)
    {
        if (!TryAdd(slot, adapter, out ConnectionHandle handle, group))
        {
            ThrowDisposed(slot);
        }

        adapter?.OnConnected();
        ReportConnected();
        return handle;
    }

    /// <summary>Adds a connection whose slot is an object.</summary>
    /// <param name="slot">The slot object.</param>
    /// <param name="invoke">The delegate that invokes the slot, for messages and debuggers.</param>
    private protected ConnectionHandle ConnectObject<TArguments>(ISlotLifetime slot, Delegate invoke)
        where TArguments : struct, IArguments<TArguments>
    {
        if (slot is KnownSlot known)
        {
            return known.ConnectTo(this);
        }

        var adapter = new CustomSlot<TArguments>(slot, invoke);
        return ConnectBound(TArguments.Bind(adapter), adapter);
    }

    /// <summary>Remembers an evaluator on which a connection has been deferred, so that ended connections can be found there.</summary>
    internal void Remember(WeakReference<ConnectionEvaluator> evaluator)
    {
        // There are none if another class's implementation of the interface has connected a delegate of its own.
        if (_store.FindTable() is not { Extras: { } extras } table || Array.IndexOf(extras.Evaluators, evaluator) >= 0)
        {
            return;
        }

        using (table.Enter())
        {
            extras.Remember(evaluator);
        }
    }

    /// <summary>Releases the adapter of an ended connection whose slot has ended. Called while no other lock is held.</summary>
    internal void Forget(IEndingSlot ended)
    {
        SlotTable table = _store.RequireTable();
        using (table.Enter())
        {
            table.Extras?.Forget(ended);
        }
    }

    /// <summary>Returns a task that completes when no run of a connection is active or queued, also if it has ended.</summary>
    internal Task WhenIdleAsync(GenIndex index)
    {
        if (_store.FindTable() is not { Extras: { } extras } table)
        {
            return Task.CompletedTask;
        }

        var connection = new ConnectionHandle(this, index);
        IEndingSlot? slot;
        using (table.Enter())
        {
            slot = _store.AdapterOf(index, table) as IEndingSlot ?? extras.FindEnding(connection);
        }

        Task idle = slot?.WhenIdleAsync() ?? Task.CompletedTask;
        foreach (WeakReference<ConnectionEvaluator> reference in extras.Evaluators)
        {
            if (reference.TryGetTarget(out ConnectionEvaluator? evaluator) && evaluator.WhenIdleAsync(connection) is { IsCompleted: false } queued)
            {
                idle = idle.IsCompleted ? queued : Task.WhenAll(idle, queued);
            }
        }

        return idle;
    }

    /// <summary>Reports a new connection to the owner of the signal. Called while no lock is held.</summary>
    internal void ReportConnected() => _store.Extras?.Watch?.Update(this);

    /// <summary>
    /// Rejects new connections from now on, as a disposed signal does, and keeps the existing ones, so that the last emission reaches every
    /// slot that was connected successfully.
    /// </summary>
    internal void Close() => _store.Close();

    /// <summary>Adds a connection. Returns false if the signal has been disposed or closed.</summary>
    /// <param name="slot">The delegate that an emission calls.</param>
    /// <param name="adapter">The adapter that the slot is bound to, or null if it is bound to none.</param>
    /// <param name="handle">The handle of the new connection.</param>
    /// <param name="group">The group of the connection.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryAdd(Delegate slot, SlotAdapter? adapter, out ConnectionHandle handle, int group = 0)
    {
        if (SignalTracker.IsSupported)
        {
            slot = Track(slot, group);
        }

        bool isAdded = _store.TryAdd(slot, adapter, this, out GenIndex index, group);
        handle = isAdded ? new ConnectionHandle(this, index) : default;
        return isAdded;
    }

    /// <summary>Emits the signal and awaits its asynchronous slots.</summary>
    private protected ValueTask EmitAsync<TArguments>(TArguments arguments, EmitMode mode, CancellationToken cancellationToken)
        where TArguments : struct, IArguments<TArguments>
    {
        object? slots = Slots;
        if (slots is DenseTable<Delegate?> { IsTracked: true })
        {
            SweepHidden();
            slots = Slots;
        }

        return AsyncEmission.Emit(this, slots, arguments, mode, cancellationToken);
    }

    /// <summary>Runs the remaining slots of an emission after the table was replaced.</summary>
    /// <remarks>
    /// Neither this method nor the one for thrown exceptions is inlined: with a <see cref="SlotWalk"/> in its frame, each emission would clear hundreds of bytes.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected void EmitRest<TArguments>(DenseTable<Delegate?> dense, int next, int end, TArguments arguments)
        where TArguments : struct, IArguments<TArguments> => new SlotWalk(this, dense, next, end).Run(arguments);

    /// <summary>Runs the remaining slots of an emission after one has thrown.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected void EmitRest<TArguments>(
        DenseTable<Delegate?> dense,
        int next,
        int end,
        Delegate running,
        ulong id,
        Exception exception,
        TArguments arguments
    )
        where TArguments : struct, IArguments<TArguments> => new SlotWalk(this, dense, next, end, running, id, exception).Run(arguments);

    /// <summary>Removes the connections whose target no longer exists and that the emission would not reach.</summary>
    internal void SweepHidden()
    {
        if (_store.Extras is { HidesTargets: true, SeemsSweepDue: true })
        {
            _store.SweepForEmission();
            ReportConnected();
        }
    }

    private ConnectionHandle Add(Delegate slot)
    {
        if (!TryAdd(slot, null, out ConnectionHandle handle))
        {
            ThrowDisposed(slot);
        }

        if (_store.Extras is { Watch: { } watch })
        {
            watch.Update(this);
        }

        return handle;
    }

    private int BlockedCount()
    {
        if (_store.FindTable() is not { } table)
        {
            return 0;
        }

        using (table.Enter())
        {
            return table.Extras?.Blocked?.Count ?? 0;
        }
    }

    private void ThrowIfForeign(ConnectionHandle handle, [CallerArgumentExpression(nameof(handle))] string? name = null)
    {
        if (!ReferenceEquals(handle.Signal, this))
        {
            throw new ArgumentException(
                $"{handle} is not a connection of this {TypeName}. Use the signal that created it, or the members of the handle.",
                name
            );
        }
    }

    [DoesNotReturn]
    private void ThrowDisposed(Delegate slot) =>
        throw new ObjectDisposedException(TypeName, $"This {TypeName} has been disposed: {TypeNames.Of(slot)} cannot be connected to it.");
}
