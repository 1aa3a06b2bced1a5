using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// What signals of every arity have in common: their connections and their end. See <see cref="Signal{T}"/> for what a signal is.
/// </summary>
/// <remarks>
/// <para>Every member may be called from any thread at any time, also from inside a slot of this signal. No slot runs inside a lock of
/// this library.</para>
/// <para>A signal whose connections need not outlive it needs no disposal: it holds no resource but memory.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(SignalDebugView))]
public abstract class SignalBase : IDisposable
{
    /// <summary>What every signal shares that was disposed before it had a table.</summary>
    private static readonly SlotTable Ended = new(new SlotExtras { IsDisposed = true });

    /// <summary>Number of signals that have been disposed. Chained connections are checked when it has changed.</summary>
    private static int _disposals;

    /// <summary>
    /// What an emission runs: null, the slot of the only connection, as most signals have no more, or a <see cref="DenseTable{T}"/> of them.
    /// </summary>
    private object? _slots;

    /// <summary>What else there is to know of the connections, or null until the first. Once set it stays; it is also the signal's lock.</summary>
    private SlotTable? _table;

    private protected SignalBase() { }

    private protected SignalBase(SignalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _table = new SlotTable(new SlotExtras { Options = options.Copy() });
    }

    /// <summary>How many connections stand, the blocked ones included.</summary>
    public int ConnectionCount => Volatile.Read(ref _table)?.LiveCountNow ?? 0;

    /// <summary>Whether there is no connection.</summary>
    public bool IsEmpty => ConnectionCount == 0;

    /// <summary>Whether the signal has been disposed.</summary>
    public bool IsDisposed => Volatile.Read(ref _table) is { IsDisposed: true };

    /// <summary>Number of signals that have been disposed in this process. A signal is disposed before it is counted.</summary>
    internal static int Disposals => Volatile.Read(ref _disposals);

    /// <summary>The signal's type with its arguments, as "Signal&lt;Int32&gt;".</summary>
    internal string TypeName => TypeNames.Of(GetType());

    /// <summary>Takes what slots throw, or null if it is to be thrown again.</summary>
    internal Action<Exception, ConnectionHandle>? ExceptionHandler => _table?.Extras?.Options?.ExceptionHandler;

    /// <summary>The method that emits this signal, for messages and debuggers.</summary>
    internal abstract Delegate Emitter { get; }

    /// <summary>What an emission runs: null, the only slot, or a <see cref="DenseTable{T}"/> of them.</summary>
    private protected object? Slots
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Volatile.Read(ref _slots);
    }

    /// <summary>Ends a connection of this signal; does nothing if it has ended already. See <see cref="ConnectionHandle.Disconnect"/>.</summary>
    /// <param name="handle">The connection. Its handle and all copies are inactive afterwards.</param>
    /// <exception cref="ArgumentException">The handle names no connection that this signal ever made.</exception>
    public void Disconnect(ConnectionHandle handle)
    {
        ThrowIfForeign(handle);
        TryDisconnect(handle.Index);
    }

    /// <summary>
    /// Ends all connections. Their handles are inactive afterwards, no further slot of a running emission is started on this thread, and
    /// what deferred connections had queued does not run. The signal can be connected to again.
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
    /// <param name="handle">The connection.</param>
    /// <param name="blocked">Whether to block it.</param>
    /// <returns>Whether it was blocked before.</returns>
    /// <exception cref="ArgumentException">The handle names no connection that this signal ever made.</exception>
    /// <exception cref="InvalidOperationException">The connection has ended.</exception>
    public bool BlockConnection(ConnectionHandle handle, bool blocked)
    {
        ThrowIfForeign(handle);
        return handle.Block(blocked);
    }

    /// <summary>Whether a connection of this signal stands and is blocked.</summary>
    /// <param name="handle">The connection.</param>
    /// <returns><see langword="false"/> also when the connection has ended.</returns>
    /// <exception cref="ArgumentException">The handle names no connection that this signal ever made.</exception>
    public bool IsConnectionBlocked(ConnectionHandle handle)
    {
        ThrowIfForeign(handle);
        return IsBlocked(handle.Index);
    }

    /// <summary>
    /// Gives back the memory that earlier connections needed and those there are do not. Handles keep their meaning. Rarely needed:
    /// a signal that has become empty, or nearly so, does so by itself, and one that is half holes does so as it is connected to.
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
    /// Ends the signal and all its connections, as <see cref="DisconnectAll"/> does, and completes its observers. Emitting it does nothing
    /// from then on, connecting to it throws <see cref="ObjectDisposedException"/>. Disposing it again does nothing.
    /// </summary>
    /// <exception cref="AggregateException">Several observers threw as they were completed. One exception is thrown as it is.</exception>
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

    /// <summary>Says what the signal is and how many connections it has.</summary>
    /// <returns>A text for logs and debuggers.</returns>
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

    /// <summary>The connections with their slots, in order, for debuggers.</summary>
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
    /// Whether a place is empty because its connection stands elsewhere: the table was replaced under whoever walks it. Else it is a hole,
    /// or the connection is blocked.
    /// </summary>
    internal bool HasMoved(DenseTable<Delegate?> dense, ulong id)
    {
        if (!DenseId.IsLive(id))
        {
            return false;
        }

        // A table's successor is there before its slots go: whoever found a slot gone finds the successor.
        Volatile.ReadBarrier();
        return Slots != dense;
    }

    /// <summary>Says where a walk goes on whose table was replaced: see <see cref="SlotTable.TryFollow"/>.</summary>
    internal bool TryFollow(ref DenseTable<Delegate?> dense, ref int next, ref int end)
    {
        SlotTable table = _table!;
        using (Uninterruptible.Enter(table))
        {
            return table.TryFollow(ref dense, ref next, ref end, _slots);
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

    /// <summary>Ends a connection and says whether it was this call that did.</summary>
    internal bool TryDisconnect(GenIndex index)
    {
        SlotTable table = _table!;
        bool ended;
        SlotAdapter? notified = null;
        using (Uninterruptible.Enter(table))
        {
            if (table.Extras is { Notified: > 0 })
            {
                // First: a thread that sees that the connection has ended must see that nothing of it is queued.
                notified = table.AdapterOf(index, _slots);
                notified?.OnDisconnecting();
            }

            ended = table.Remove(index, ref _slots);
        }

        notified?.OnDisconnected(signalEnded: false);
        return ended;
    }

    /// <summary>Blocks or unblocks a connection. Returns what it was, or null if it has ended.</summary>
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
        return Add(slot, null);
    }

    /// <summary>Adds a connection whose slot is behind an adapter.</summary>
    internal ConnectionHandle ConnectAdapter<TArguments>(SlotAdapter<TArguments> adapter)
        where TArguments : struct, IArguments<TArguments> => Add(TArguments.Bind(adapter), adapter);

    /// <summary>
    /// Refuses connections from now on as a disposed signal does, and leaves those that there are: so that what is emitted last reaches all that
    /// ever were connected.
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
    /// <param name="slot">What an emission calls.</param>
    /// <param name="adapter">What the slot is bound to, if it is an adapter of this library.</param>
    /// <param name="handle">The connection.</param>
    internal bool TryAdd(Delegate slot, SlotAdapter? adapter, out ConnectionHandle handle)
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

            handle = new ConnectionHandle(this, table.Add(slot, adapter, this, ref _slots));
            return true;
        }
    }

    /// <summary>Connects another signal, which is emitted with the arguments of this one until either is disposed.</summary>
    internal ConnectionHandle ConnectChained<TArguments>([NotNull] SignalBase? target)
        where TArguments : struct, IArguments<TArguments>
    {
        ThrowIfNotChainable(target);
        ConnectionHandle handle = ConnectAdapter(new ChainSlot<TArguments>(target));
        if (target.IsDisposed)
        {
            // Later disposals are counted, so the next emission or connect finds them.
            handle.Disconnect();
        }

        return handle;
    }

    /// <summary>Emits the signal as the public method of its arity does. Returns false if there is no slot to run.</summary>
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

    private protected ConnectionHandle ConnectDropping<TArguments>([NotNull] Action? slot)
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(slot);
        return Add(TArguments.Drop(slot), null);
    }

    /// <summary>Refuses to chain this signal to itself.</summary>
    private void ThrowIfNotChainable([NotNull] SignalBase? target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (ReferenceEquals(target, this))
        {
            throw new ArgumentException($"A {TypeName} cannot be connected to itself: emitting it would never end.", nameof(target));
        }
    }

    private protected ConnectionHandle ConnectWithState<TState, TArguments>(TState state, [NotNull] Delegate? slot)
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectAdapter(new StateSlot<TState, TArguments>(state, slot));
    }

    private protected ConnectionHandle ConnectReflective<TArguments>([NotNull] Delegate? slot)
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectAdapter(new ReflectiveSlot<TArguments>(slot));
    }

    private protected ConnectionHandle ConnectSingleShot<TArguments>([NotNull] Delegate? slot)
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectAdapter(new SingleShotSlot<TArguments>(slot));
    }

    private protected ConnectionHandle ConnectWeak<TTarget, TArguments>([NotNull] TTarget? target, [NotNull] Delegate? slot)
        where TTarget : class
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(slot);
        if (ReferenceEquals(slot.Target, target))
        {
            throw new ArgumentException(
                $"The slot {TypeNames.Of(slot)} holds its own target and would keep it alive. Use a static lambda that calls the target it is given.",
                nameof(slot)
            );
        }

        return ConnectAdapter(new WeakSlot<TTarget, TArguments>(target, slot));
    }

    private protected ConnectionHandle ConnectDeferred<TArguments>(
        [NotNull] ConnectionEvaluator? evaluator,
        [NotNull] Delegate? slot,
        ConnectionKind kind
    )
        where TArguments : struct, IArguments<TArguments>
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        ArgumentNullException.ThrowIfNull(slot);
        var deferred = new DeferredSlot<TArguments>(evaluator, slot, kind);

        // Known to the evaluator first: one that is disposed while this connects ends the connection too.
        evaluator.Register(deferred);
        ConnectionHandle handle;
        try
        {
            handle = Add(TArguments.Bind(deferred), deferred);
        }
        catch
        {
            evaluator.Unregister(deferred);
            throw;
        }

        // The disposing thread marks the evaluator as disposed, and then examines the connections. Without the barrier a processor may read
        // here before others see the connection, and neither thread would end it.
        Interlocked.MemoryBarrier();
        if (evaluator.IsDisposed)
        {
            handle.Disconnect();
        }

        return handle;
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

        // For the handler, and only written before: what a handler reads is in memory, and the walk goes by what is in registers.
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

        // Out of the table that has been replaced, and out of the block that takes exceptions for this one's slots.
        EmitFrom(dense, start + reached, end, arguments);
    }

    /// <summary>Runs the slots behind one that has thrown, and throws when all have run.</summary>
    private void RunRest<TArguments>(
        DenseTable<Delegate?> dense,
        int end,
        TArguments arguments,
        int next,
        Delegate thrower,
        Exception exception
    )
        where TArguments : struct, IArguments<TArguments> =>
        new Emission<TArguments>(this, dense, next, end, arguments, thrower).RunRest(exception);

    /// <summary>Runs the slots from a position on, whatever becomes of the table and whatever has to be known of them.</summary>
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

    private ConnectionHandle Add(Delegate slot, SlotAdapter? adapter)
    {
        if (!TryAdd(slot, adapter, out ConnectionHandle handle))
        {
            ThrowDisposed(slot);
        }

        return handle;
    }

    /// <summary>
    /// Removes the connections whose target no longer exists, and which the emission would not reach.
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

            // Before anything changes, since both may run out of memory.
            notified = table.Extras is { Notified: > 0 } ? table.Snapshot(_slots) : null;
            if (dispose)
            {
                table.Dispose();
                Interlocked.Increment(ref _disposals);
            }

            if (notified is not null)
            {
                TellOfEnding(notified);
            }

            table.RemoveAll(ref _slots);
        }

        if (notified is null)
        {
            return;
        }

        // The evaluators first: an observer that is completed finds nothing of the signal queued any more.
        var failures = new SlotFailures();
        TellOfEnd(notified, ofDeferred: true, signalEnded: dispose, failures);
        TellOfEnd(notified, ofDeferred: false, signalEnded: dispose, failures);
        failures.ThrowIfAny(TypeName);
    }

    private static void TellOfEnding(List<(GenIndex Index, Delegate Slot)> notified)
    {
        foreach ((_, Delegate slot) in notified)
        {
            (slot.Target as SlotAdapter)?.OnDisconnecting();
        }
    }

    private void TellOfEnd(List<(GenIndex Index, Delegate Slot)> notified, bool ofDeferred, bool signalEnded, SlotFailures failures)
    {
        foreach ((GenIndex index, Delegate slot) in notified)
        {
            if (slot.Target is not SlotAdapter adapter || adapter is DeferredSlot != ofDeferred)
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
            throw new ArgumentException($"{handle} is no connection of this {TypeName}. Use the signal that made it, or the handle's own members.", name);
        }
    }

    [DoesNotReturn]
    private void ThrowDisposed(Delegate slot) =>
        throw new ObjectDisposedException(TypeName, $"This {TypeName} has been disposed: {TypeNames.Of(slot)} cannot be connected to it.");
}
