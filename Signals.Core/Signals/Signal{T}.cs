using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A signal with one argument: emitting it runs all connected slots. Keep the signal private, and expose it as <see cref="ISignal{T}"/>.
/// </summary>
/// <remarks>
/// <para>An emission allocates no memory and takes no lock, and a plain connection needs no object other than its delegate.</para>
/// <para>All members are thread-safe. Slots may connect, disconnect, block, emit and dispose, including the signal that is running
/// them.</para>
/// <para>Modeled on the signals of KDBindings (C++) with their deferred connections and generational handles.</para>
/// </remarks>
/// <typeparam name="T">The type of the argument.</typeparam>
public sealed class Signal<T> : SignalBase, ISignal<T>
{
    /// <summary>Initializes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Initializes a signal with the specified options.</summary>
    /// <param name="options">The options, which specify the behavior when a slot throws. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action<T>)Emit;

    private protected override Delegate Track(TrackedConnection connection) => (Action<T>)connection.Call;

    /// <summary>
    /// Runs all connected slots on the calling thread, in the order in which they were connected, and queues invocations of deferred slots.
    /// Does nothing if the signal has been disposed.
    /// </summary>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <exception cref="Exception">
    /// A slot threw an exception. By default, it is thrown after the other slots have run: a single exception as it was thrown, several as an
    /// <see cref="AggregateException"/>. Use <see cref="SignalOptions"/> to change this behavior.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit(T value)
    {
        object? slots = Slots;
        if (slots is null)
        {
            return;
        }

        if (SignalTracker.IsSupported)
        {
            EmitTraced(slots, value);
            return;
        }

        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, 0, Volatile.Read(ref several.Used), value);
        }
        else
        {
            Unsafe.As<Action<T>>(slots)(value);
        }
    }

    /// <summary>
    /// Runs all connected slots, as <see cref="Emit"/> does, and completes when the runs of the asynchronous ones have ended, too. See
    /// <see cref="AsyncConnections.ConnectAsync{T}"/>.
    /// </summary>
    /// <remarks>
    /// <para>The other slots count as ended when they have run, and deferred ones when they have been queued. An emission that the mode of a
    /// connection skips, supersedes or drops counts as ended. In the mode <see cref="EmitMode.Sequential"/>, each slot is awaited before the
    /// next one starts, in the synchronization context of the caller. Slots that are connected meanwhile are not called, and those that
    /// are disconnected are not started.</para>
    /// <para>If the token is canceled, the runs that this emission has started are canceled, those that it has queued are dropped, no further
    /// slot starts, and the task is canceled as soon as the runs have ended.</para>
    /// <para>Do not await an emission of the same signal inside a slot of the mode <see cref="AsyncSlotMode.Sequential"/>: the slot would wait
    /// for itself.</para>
    /// </remarks>
    /// <param name="value">The argument to pass to the slots.</param>
    /// <param name="mode">The order in which the asynchronous slots are awaited.</param>
    /// <param name="cancellationToken">The token that cancels the emission.</param>
    /// <returns>A task that completes when all slots have ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not a defined <see cref="EmitMode"/>.</exception>
    /// <exception cref="OperationCanceledException">The emission was canceled.</exception>
    /// <exception cref="Exception">
    /// A slot failed, and there is no handler for its exception. It is thrown after the other slots have ended: a single exception as it was
    /// thrown, several as an <see cref="AggregateException"/> in the order of the slots.
    /// </exception>
    public ValueTask EmitAsync(T value, EmitMode mode = EmitMode.Sequential, CancellationToken cancellationToken = default) =>
        EmitAsync(new Arguments<T>(value), mode, cancellationToken);

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot<T> slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectObject<Arguments<T>>(slot, (Action<T>)slot.Invoke);
    }

    /// <summary>Connects a slot, which runs in every later emission.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which can be used to end it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public ConnectionHandle Connect(Action<T> slot) => ConnectSlot(slot);

    /// <summary>Connects a slot that does not take the arguments of the signal.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public ConnectionHandle Connect(Action slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectSlot((Action<T>)slot.Call);
    }

    /// <summary>
    /// Connects another signal, which is emitted with the same arguments whenever this signal is emitted. The connection ends when either
    /// signal is disposed.
    /// </summary>
    /// <remarks>
    /// <para>Signals that are connected in a cycle emit one another without end.</para>
    /// <para>The connection to a disposed signal is removed by the next emission of this signal, or when further signals are connected to
    /// it.</para>
    /// </remarks>
    /// <param name="target">The signal to emit. The connection keeps it alive, like a slot.</param>
    /// <returns>The handle of the connection, which is inactive if <paramref name="target"/> has been disposed.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> is this signal.</exception>
    /// <exception cref="ObjectDisposedException">This signal has been disposed.</exception>
    public ConnectionHandle Connect(Signal<T> target) => SignalChaining.Connect(this, target);

    /// <summary>Emits the signal while the tracker is supported, and records the emission if a trace is active.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EmitTraced(object slots, T value)
    {
        TraceScope scope = TrackedObjects.RecordOf(this).BeginEmission();
        try
        {
            if (slots is DenseTable<Delegate?> several)
            {
                EmitAll(several, 0, Volatile.Read(ref several.Used), value);
            }
            else
            {
                Unsafe.As<Action<T>>(slots)(value);
            }
        }
        finally
        {
            scope.End();
        }
    }

    /// <summary>Runs the slots of a table from the beginning of a chunk.</summary>
    /// <param name="dense">The table.</param>
    /// <param name="start">The position at which the chunk begins.</param>
    /// <param name="end">The position after the last slot that was connected when the emission began.</param>
    /// <param name="value">The argument.</param>
    private void EmitAll(DenseTable<Delegate?> dense, int start, int end, T value)
    {
        if (dense.IsTracked)
        {
            SweepHidden();
        }

        // For the exception handler only: a variable that the handler reads is kept in memory, so the walk uses others, which stay in registers.
        int reached = 0;
        ulong reachedId = 0;
        Delegate? running = null;
        int i = 0;
        int count;
        try
        {
            DenseEntry<Delegate?>[] chunk = start == 0 ? dense.First : dense.ChunkAt(start);
            Span<DenseEntry<Delegate?>> places = chunk.AsSpan(0, Math.Min(end - start, chunk.Length));
            while ((uint)i < (uint)places.Length)
            {
                // Read before the slot: a slot that is found afterwards belongs to the connection with this id.
                ulong id = Volatile.Read(ref places[i].Id);
                Delegate? slot = places[i].Value;
                if (slot is null)
                {
                    if (HasMoved(dense, id))
                    {
                        break;
                    }

                    i += DenseId.Step(id);
                    continue;
                }

                i++;
                reached = i;
                reachedId = id;
                running = slot;
                Unsafe.As<Action<T>>(slot)(value);
            }

            count = places.Length;
        }
        catch (Exception exception) when (!StopsAtFirst)
        {
            EmitRest(dense, start + reached, end, running!, reachedId, exception, new Arguments<T>(value));
            return;
        }

        // Outside the try block, because its handler continues in this chunk of this table.
        if (i < count)
        {
            EmitRest(dense, start + i, end, new Arguments<T>(value));
        }
        else if (start + i < end)
        {
            EmitAll(dense, start + i, end, value);
        }
    }
}
