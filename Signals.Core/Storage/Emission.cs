namespace Signals;

/// <summary>Walk of one emission through the slots of a signal.</summary>
/// <remarks>
/// The state of the walk is kept in fields and not in local variables, so that it is still available when a slot has thrown.
/// </remarks>
internal ref struct Emission<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    private readonly SignalBase _signal;

    /// <summary>The table that is being walked.</summary>
    private DenseTable<Delegate?> _dense;

    private readonly TArguments _arguments;

    /// <summary>Indicates whether the id of the running slot is recorded, for the handler of its exceptions.</summary>
    private readonly bool _isTracked;

    /// <summary>
    /// Position after the last slot that was connected when the emission began. Slots that are connected later come after it.
    /// </summary>
    private int _end;

    /// <summary>Position of the first entry of the chunk that is being walked.</summary>
    private int _start;

    /// <summary>Offset in that chunk of the entry after the running slot.</summary>
    private int _next;

    /// <summary>The running slot, which may have been disconnected meanwhile.</summary>
    private Delegate? _slot;

    /// <summary>Id of the running slot if the emission is tracked: see <see cref="DenseId"/>.</summary>
    private ulong _id;

    /// <summary>
    /// Indicates whether the remaining connections are looked up one by one, because the table was replaced by one with new ones among them.
    /// </summary>
    private bool _looksUp;

    /// <summary>Initializes an emission that continues at a position.</summary>
    /// <param name="signal">The signal that is emitted.</param>
    /// <param name="dense">The table of the slots.</param>
    /// <param name="next">The position of the next slot to run.</param>
    /// <param name="end">The position after the last slot to run.</param>
    /// <param name="arguments">The arguments to pass to the slots.</param>
    /// <param name="slot">The running slot, which is before the position, or null.</param>
    internal Emission(SignalBase signal, DenseTable<Delegate?> dense, int next, int end, TArguments arguments, Delegate? slot = null)
    {
        _isTracked = dense.IsTracked;
        _signal = signal;
        _dense = dense;
        _end = end;
        _arguments = arguments;
        _next = next;
        _slot = slot;
    }

    /// <summary>Runs the remaining slots, until the end of the emission or until a slot throws.</summary>
    internal void Run()
    {
        if (_looksUp)
        {
            LookUpRest();
            return;
        }

        TArguments arguments = _arguments;
        int next = _start + _next;
        while (next < _end)
        {
            DenseEntry<Delegate?>[] chunk = _dense.ChunkOf(next, out int start);
            Span<DenseEntry<Delegate?>> places = chunk.AsSpan(0, Math.Min(_end - start, chunk.Length));
            _start = start;
            int i = next - start;
            bool moved = false;
            while ((uint)i < (uint)places.Length)
            {
                if (_isTracked)
                {
                    // Before the slot is read: if there is a slot then, it belongs to the connection with this id.
                    _id = Volatile.Read(ref places[i].Id);
                }

                Delegate? slot = places[i].Value;
                if (slot is null)
                {
                    ulong id = Volatile.Read(ref places[i].Id);
                    if (_signal.HasMoved(_dense, id))
                    {
                        moved = true;
                        break;
                    }

                    i += DenseId.Step(id);
                    continue;
                }

                i++;
                _next = i;
                _slot = slot;
                arguments.Invoke(slot);
            }

            next = start + i;
            if (moved && _signal.HasGroups)
            {
                (_looksUp, _start, _next) = (true, 0, next);
                LookUpRest();
                return;
            }

            if (moved && !_signal.TryFollow(ref _dense, ref next, ref _end))
            {
                return;
            }
        }
    }

    /// <summary>Runs the remaining slots of the table that has been replaced, of those connections that are still active.</summary>
    private void LookUpRest()
    {
        while (_next < _end)
        {
            ulong id = _dense[_next].Id;
            _next++;
            if (DenseId.IsLive(id) && _signal.TryGetSlot(DenseId.Index(id), out Delegate? slot))
            {
                (_id, _slot) = (id, slot);
                _arguments.Invoke(slot);
            }
        }
    }

    /// <summary>Continues after a slot has thrown, and throws when all slots have run.</summary>
    internal void RunRest(Exception exception)
    {
        var failures = new SlotFailures();
        Exception? thrown = exception;
        while (thrown is not null)
        {
            failures.Add(thrown, _slot!, new ConnectionHandle(_signal, DenseId.Index(_id)));
            thrown = null;
            try
            {
                Run();
            }
            catch (Exception another)
            {
                thrown = another;
            }
        }

        failures.ThrowIfAny(_signal.TypeName);
    }
}
