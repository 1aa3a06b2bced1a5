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
    /// <summary>The table shared by all signals that were disposed before they had one of their own.</summary>
    private static readonly SlotTable Ended = new(new SlotExtras { IsDisposed = true });

    /// <summary>Number of disposed signals. When it has changed, chained connections are checked.</summary>
    private static int _disposals;

    /// <summary>
    /// The slots that an emission runs: null if there is none, the slot itself if there is a single connection, as in most signals, and
    /// otherwise a <see cref="DenseTable{T}"/>.
    /// </summary>
    private object? _slots;

    /// <summary>
    /// Further state of the connections, or null before the first connection. Never replaced once it has been set, so it also serves as the
    /// signal's lock.
    /// </summary>
    private SlotTable? _table;

    private protected SignalBase() { }

    private protected SignalBase(SignalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SignalOptions copy = options.Copy();
        _table = new SlotTable(new SlotExtras { Options = copy, Watch = ConnectionWatch.Of(copy) });
    }

    /// <summary>Gets the number of active connections, including blocked ones.</summary>
    public int ConnectionCount => Volatile.Read(ref _table)?.LiveCountNow ?? 0;

    /// <summary>Gets a value that indicates whether the signal has no active connection.</summary>
    public bool IsEmpty => ConnectionCount == 0;

    /// <summary>Gets a value that indicates whether the signal has been disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _table) is { IsDisposed: true };

    /// <summary>
    /// Gets a value that indicates whether the signal has a <see cref="SignalOptions.FirstConnectedHandler"/> or a
    /// <see cref="SignalOptions.LastDisconnectedHandler"/>, so that being connected to it has a cost or a meaning. A library that may connect early or
    /// late uses it to decide.
    /// </summary>
    public bool HasConnectionHandlers => Volatile.Read(ref _table) is { Extras.Watch: not null };

    /// <summary>
    /// Gets the number of signals that have been disposed in this process. A signal is marked as disposed before it is counted.
    /// </summary>
    internal static int Disposals => Volatile.Read(ref _disposals);

    /// <summary>Gets the signal's type with its type arguments, for example "Signal&lt;Int32&gt;".</summary>
    internal string TypeName => TypeNames.Of(GetType());

    /// <summary>Gets the handler for exceptions of slots, or null if they are to be rethrown.</summary>
    internal Action<Exception, ConnectionHandle>? ExceptionHandler => _table?.Extras?.Options?.ExceptionHandler;

    /// <summary>Gets a value that indicates whether an emission ends with the first slot that throws.</summary>
    internal bool StopsAtFirst => _table?.Extras is { StopsAtFirst: true };

    /// <summary>Gets the method that emits this signal, for messages and debuggers.</summary>
    internal abstract Delegate Emitter { get; }

    /// <summary>Gets the slots that an emission runs: null, the only slot, or a <see cref="DenseTable{T}"/>.</summary>
    private protected object? Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _slots);
    }

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
    public void DisconnectAll()
    {
        // Even if the signal has been disposed: the thread that disposes it may not have ended the connections yet.
        if (_table is { } table)
        {
            End(table, dispose: false);
        }
    }

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
    public void TrimExcess()
    {
        if (_table is { } table)
        {
            using (Uninterruptible.Enter(table))
            {
                table.Trim(ref _slots);
            }
        }
    }

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
        if ((_table ?? Interlocked.CompareExchange(ref _table, Ended, null)) is { } table)
        {
            End(table, dispose: true);
        }
        else
        {
            Interlocked.Increment(ref _disposals);
        }

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
    internal List<(GenIndex Index, Delegate Slot)> Snapshot()
    {
        if (_table is not { } table)
        {
            return [];
        }

        using (Uninterruptible.Enter(table))
        {
            return table.Snapshot(_slots);
        }
    }

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
    /// Returns the position at which a walk continues after its table was replaced: see <see cref="SlotTable.TryFollow"/>.
    /// </summary>
    internal bool TryFollow(ref DenseTable<Delegate?> dense, ref int next, ref int end)
    {
        SlotTable table = _table!;
        using (Uninterruptible.Enter(table))
        {
            return table.TryFollow(ref dense, ref next, ref end, _slots);
        }
    }

    /// <summary>
    /// Gets a value that indicates whether connections have been inserted between others. A walk whose table was replaced then has to look up
    /// each connection, because new ones may be between those that it has to call.
    /// </summary>
    internal bool HasGroups => _table!.Extras is { Groups: not null };

    /// <summary>Finds the slot of a connection that is active and not blocked.</summary>
    internal bool TryGetSlot(GenIndex index, [NotNullWhen(true)] out Delegate? slot)
    {
        SlotTable table = _table!;
        using (Uninterruptible.Enter(table))
        {
            slot = table.IsLive(index, _slots) && !table.IsBlocked(index, _slots) ? table.SlotOf(index, _slots) : null;
            return slot is not null;
        }
    }

    internal bool IsActive(GenIndex index) => Volatile.Read(ref _table) is { } table && table.IsCurrent(index, ref _slots);

    internal bool IsBlocked(GenIndex index)
    {
        if (_table is not { } table)
        {
            return false;
        }

        using (Uninterruptible.Enter(table))
        {
            return table.IsBlocked(index, _slots);
        }
    }

    /// <summary>Ends a connection. Returns true if this call ended it. Does not throw.</summary>
    internal bool TryDisconnect(GenIndex index)
    {
        SlotTable table = _table!;
        bool ended;
        SlotAdapter? notified = null;
        using (Uninterruptible.Enter(table))
        {
            if (table.Extras is { Notified: > 0 })
            {
                // First: a thread that sees that the connection has ended must also see that none of its invocations is queued.
                notified = table.AdapterOf(index, _slots);
                if (notified is not null)
                {
                    NotifyDisconnecting(notified, table);
                }
            }

            ended = table.Remove(index, ref _slots);
        }

        if (table.Extras is { } extras)
        {
            if (notified is not null)
            {
                NotifyDisconnected(notified, index);
            }

            extras.Watch?.Update(this);
        }

        return ended;
    }

    /// <summary>Blocks or unblocks a connection. Returns whether it was blocked before, or null if it has ended.</summary>
    internal bool? TryBlock(GenIndex index, bool blocked)
    {
        SlotTable table = _table!;
        using (Uninterruptible.Enter(table))
        {
            return table.IsLive(index, _slots) ? table.Block(index, blocked, ref _slots) : null;
        }
    }

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
        SlotTable table = _table!;

        // There are none if another class's implementation of the interface has connected a delegate of its own.
        if (table.Extras is not { } extras || Array.IndexOf(extras.Evaluators, evaluator) >= 0)
        {
            return;
        }

        using (Uninterruptible.Enter(table))
        {
            extras.Remember(evaluator);
        }
    }

    /// <summary>Releases the adapter of an ended connection whose slot has ended. Called while no other lock is held.</summary>
    internal void Forget(IEndingSlot ended)
    {
        SlotTable table = _table!;
        using (Uninterruptible.Enter(table))
        {
            table.Extras?.Forget(ended);
        }
    }

    /// <summary>Returns a task that completes when no run of a connection is active or queued, also if it has ended.</summary>
    internal Task WhenIdleAsync(GenIndex index)
    {
        if (_table is not { Extras: { } extras } table)
        {
            return Task.CompletedTask;
        }

        var connection = new ConnectionHandle(this, index);
        IEndingSlot? slot;
        using (Uninterruptible.Enter(table))
        {
            slot = table.AdapterOf(index, _slots) as IEndingSlot ?? extras.FindEnding(connection);
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
    internal void ReportConnected() => _table!.Extras?.Watch?.Update(this);

    /// <summary>
    /// Rejects new connections from now on, as a disposed signal does, and keeps the existing ones, so that the last emission reaches every
    /// slot that was connected successfully.
    /// </summary>
    internal void Close()
    {
        SlotTable table = _table ?? CreateTable();
        using (Uninterruptible.Enter(table))
        {
            table.Close(_slots);
        }
    }

    /// <summary>Adds a connection. Returns false if the signal has been disposed or closed.</summary>
    /// <param name="slot">The delegate that an emission calls.</param>
    /// <param name="adapter">The adapter that the slot is bound to, or null if it is bound to none.</param>
    /// <param name="handle">The handle of the new connection.</param>
    /// <param name="group">The group of the connection.</param>
    internal bool TryAdd(Delegate slot, SlotAdapter? adapter, out ConnectionHandle handle, int group = 0)
    {
        SlotTable table = _table ?? CreateTable();
        using (Uninterruptible.Enter(table))
        {
            if (table.Extras is { } extras)
            {
                if (extras.IsClosed)
                {
                    handle = default;
                    return false;
                }

                table.SweepForConnect(ref _slots);
            }

            GenIndex index =
                group != 0 || table.Extras is { Groups: not null }
                    ? table.AddToGroup(group, slot, adapter, this, ref _slots)
                    : table.Add(slot, adapter, this, ref _slots);
            handle = new ConnectionHandle(this, index);
            return true;
        }
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

    /// <summary>Emits the signal like the public method of its arity. Returns false if there is no slot to run.</summary>
    internal bool TryEmit<TArguments>(TArguments arguments)
        where TArguments : struct, IArguments<TArguments>
    {
        object? slots = Slots;
        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, arguments);
        }
        else if (slots is not null)
        {
            arguments.Invoke(Unsafe.As<Delegate>(slots));
        }

        return slots is not null;
    }

    /// <summary>Runs all slots of a signal that has a table of them.</summary>
    private protected void EmitAll<TArguments>(DenseTable<Delegate?> dense, TArguments arguments)
        where TArguments : struct, IArguments<TArguments>
    {
        int end = Volatile.Read(ref dense.Used);
        if (dense.IsTracked)
        {
            SweepHidden();
            EmitFrom(dense, 0, end, arguments);
            return;
        }

        // For the exception handler only. The walk does not read them: variables that a handler reads live in memory and not in registers.
        int start = 0;
        int reached = 0;
        Delegate? running = null;
        try
        {
            DenseEntry<Delegate?>[] chunk = dense.First;
            int i = 0;
            bool moved = false;
            while (true)
            {
                Span<DenseEntry<Delegate?>> places = chunk.AsSpan(0, Math.Min(end - start, chunk.Length));
                while ((uint)i < (uint)places.Length)
                {
                    Delegate? slot = places[i].Value;
                    if (slot is null)
                    {
                        ulong id = Volatile.Read(ref places[i].Id);
                        if (HasMoved(dense, id))
                        {
                            reached = i;
                            moved = true;
                            break;
                        }

                        i += DenseId.Step(id);
                        continue;
                    }

                    i++;
                    reached = i;
                    running = slot;
                    arguments.Invoke(slot);
                }

                if (moved)
                {
                    break;
                }

                int next = start + i;
                if (next >= end)
                {
                    return;
                }

                chunk = dense.ChunkOf(next, out int startOfNext);
                start = startOfNext;
                i = next - start;
            }
        }
        catch (Exception exception) when (IsRunToEnd)
        {
            RunRest(dense, end, arguments, start + reached, running!, exception);
            return;
        }

        // Outside of the try block, whose handler knows only the table that has been replaced.
        EmitFrom(dense, start + reached, end, arguments);
    }

    /// <summary>Runs the slots after one that has thrown, and throws when all have run.</summary>
    private void RunRest<TArguments>(DenseTable<Delegate?> dense, int end, TArguments arguments, int next, Delegate throwingSlot, Exception exception)
        where TArguments : struct, IArguments<TArguments> => new Emission<TArguments>(this, dense, next, end, arguments, throwingSlot).RunRest(exception);

    /// <summary>Runs the slots from a position on. Handles tracked tables, and tables that are replaced meanwhile.</summary>
    private void EmitFrom<TArguments>(DenseTable<Delegate?> dense, int next, int end, TArguments arguments)
        where TArguments : struct, IArguments<TArguments>
    {
        var emission = new Emission<TArguments>(this, dense, next, end, arguments);
        try
        {
            emission.Run();
        }
        catch (Exception exception) when (IsRunToEnd)
        {
            emission.RunRest(exception);
        }
    }

    private bool IsRunToEnd => _table!.Extras is not { StopsAtFirst: true };

    private ConnectionHandle Add(Delegate slot)
    {
        if (!TryAdd(slot, null, out ConnectionHandle handle))
        {
            ThrowDisposed(slot);
        }

        if (_table!.Extras is { Watch: { } watch })
        {
            watch.Update(this);
        }

        return handle;
    }

    /// <summary>
    /// Removes the connections whose target no longer exists and that the emission would not reach.
    /// </summary>
    private void SweepHidden()
    {
        SlotTable table = _table!;
        if (table.Extras is { HidesTargets: true, SeemsSweepDue: true })
        {
            using (Uninterruptible.Enter(table))
            {
                table.SweepForEmission(ref _slots);
            }

            ReportConnected();
        }
    }

    private SlotTable CreateTable()
    {
        var table = new SlotTable();
        return Interlocked.CompareExchange(ref _table, table, null) ?? table;
    }

    private void End(SlotTable table, bool dispose)
    {
        List<(GenIndex Index, Delegate Slot)>? notified;
        using (Uninterruptible.Enter(table))
        {
            if (table.IsDisposed)
            {
                return;
            }

            // Before anything changes, because both the snapshot and the disposal may run out of memory.
            notified = table.Extras is { Notified: > 0 } ? table.Snapshot(_slots) : null;
            if (dispose)
            {
                table.Dispose();
                Interlocked.Increment(ref _disposals);
            }

            if (notified is not null)
            {
                foreach ((_, Delegate slot) in notified)
                {
                    if (slot.Target is SlotAdapter adapter)
                    {
                        NotifyDisconnecting(adapter, table);
                    }
                }
            }

            table.RemoveAll(ref _slots);
        }

        if (notified is null)
        {
            ReportConnected();
            return;
        }

        // User code last: when an observer is completed, no invocation of the signal is queued any more.
        var failures = new SlotFailures();
        NotifyDisconnected(notified, withUserCode: false, signalEnded: dispose, failures);
        NotifyDisconnected(notified, withUserCode: true, signalEnded: dispose, failures);
        ReportConnected();
        failures.ThrowIfAny(TypeName);
    }

    /// <summary>Notifies an adapter that its connection is ending. Called while the lock is held. Allocates no memory.</summary>
    private static void NotifyDisconnecting(SlotAdapter adapter, SlotTable table)
    {
        adapter.OnDisconnecting();
        if (adapter is IEndingSlot { IsEnding: true } ending)
        {
            table.Extras!.Keep(ending);
        }
    }

    /// <summary>Notifies an adapter that its connection has ended. Does not throw.</summary>
    private void NotifyDisconnected(SlotAdapter adapter, GenIndex index)
    {
        try
        {
            adapter.OnDisconnected(signalEnded: false);
        }
        catch (Exception exception)
        {
            UnhandledFailure.Report(exception, new ConnectionHandle(this, index));
        }
    }

    private void NotifyDisconnected(List<(GenIndex Index, Delegate Slot)> notified, bool withUserCode, bool signalEnded, SlotFailures failures)
    {
        foreach ((GenIndex index, Delegate slot) in notified)
        {
            if (slot.Target is not SlotAdapter adapter || adapter.EndsWithUserCode != withUserCode)
            {
                continue;
            }

            try
            {
                adapter.OnDisconnected(signalEnded);
            }
            catch (Exception exception)
            {
                failures.Add(exception, slot, new ConnectionHandle(this, index));
            }
        }
    }

    private int BlockedCount()
    {
        if (_table is not { } table)
        {
            return 0;
        }

        using (Uninterruptible.Enter(table))
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
