using System.Runtime.CompilerServices;

namespace Signals;

/// <summary>
/// A signal without arguments: emitting it runs all connected slots. Differs from <see cref="Signal{T}"/> only in the number of arguments;
/// see there for details.
/// </summary>
public sealed class Signal : SignalBase, ISignal
{
    /// <summary>Initializes a signal with the default options.</summary>
    public Signal() { }

    /// <summary>Initializes a signal with the specified options.</summary>
    /// <param name="options">The options, which specify the behavior when a slot throws. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public Signal(SignalOptions options)
        : base(options) { }

    /// <inheritdoc/>
    internal override Delegate Emitter => (Action)Emit;

    private protected override Delegate Track(TrackedConnection connection) => (Action)connection.Call;

    /// <summary>
    /// Runs all connected slots on the calling thread, in the order in which they were connected, and queues invocations of deferred slots.
    /// Does nothing if the signal has been disposed.
    /// </summary>
    /// <exception cref="Exception">
    /// A slot threw an exception. By default, it is thrown after the other slots have run: a single exception as it was thrown, several as an
    /// <see cref="AggregateException"/>. Use <see cref="SignalOptions"/> to change this behavior.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Emit()
    {
        object? slots = Slots;
        if (slots is null)
        {
            return;
        }

        if (SignalTracker.IsSupported)
        {
            EmitTraced(slots);
            return;
        }

        if (slots is DenseTable<Delegate?> several)
        {
            EmitAll(several, 0, Volatile.Read(ref several.Used));
        }
        else
        {
            Unsafe.As<Action>(slots)();
        }
    }

    /// <summary>
    /// Runs all connected slots, and completes when the runs of the asynchronous ones have ended, too. See <see cref="Signal{T}.EmitAsync"/>.
    /// </summary>
    /// <param name="mode">The order in which the asynchronous slots are awaited.</param>
    /// <param name="cancellationToken">The token that cancels the emission.</param>
    /// <returns>A task that completes when all slots have ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mode"/> is not a defined <see cref="EmitMode"/>.</exception>
    /// <exception cref="OperationCanceledException">The emission was canceled.</exception>
    public ValueTask EmitAsync(EmitMode mode = EmitMode.Sequential, CancellationToken cancellationToken = default) =>
        EmitAsync(default(Arguments), mode, cancellationToken);

    /// <inheritdoc/>
    public ConnectionHandle Connect(ISlot slot)
    {
        ArgumentNullException.ThrowIfNull(slot);
        return ConnectObject<Arguments>(slot, (Action)slot.Invoke);
    }

    /// <summary>Connects a slot, which runs in every later emission.</summary>
    /// <param name="slot">The delegate to run.</param>
    /// <returns>The handle of the connection, which can be used to end it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="slot"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The signal has been disposed.</exception>
    public ConnectionHandle Connect(Action slot) => ConnectSlot(slot);

    /// <summary>
    /// Connects another signal, which is emitted whenever this signal is emitted. The connection ends when either signal is disposed.
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
    public ConnectionHandle Connect(Signal target) => SignalChaining.Connect(this, target);

    /// <summary>Emits the signal while the tracker is supported, and records the emission if a trace is active.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EmitTraced(object slots)
    {
        TraceScope scope = TrackedObjects.RecordOf(this).BeginEmission();
        try
        {
            if (slots is DenseTable<Delegate?> several)
            {
                EmitAll(several, 0, Volatile.Read(ref several.Used));
            }
            else
            {
                Unsafe.As<Action>(slots)();
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
    private void EmitAll(DenseTable<Delegate?> dense, int start, int end)
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
                Unsafe.As<Action>(slot)();
            }

            count = places.Length;
        }
        catch (Exception exception) when (!StopsAtFirst)
        {
            EmitRest(dense, start + reached, end, running!, reachedId, exception, default(Arguments));
            return;
        }

        // Outside the try block, because its handler continues in this chunk of this table.
        if (i < count)
        {
            EmitRest(dense, start + i, end, default(Arguments));
        }
        else if (start + i < end)
        {
            EmitAll(dense, start + i, end);
        }
    }
}
