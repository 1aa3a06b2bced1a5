using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// Position of an emission among the slots of a signal. It finds the slots that were connected when the emission began and still are,
/// in order, even if their table is replaced meanwhile. It may be kept between two slots for any length of time.
/// </summary>
internal struct SlotCursor
{
    private readonly SignalBase _signal;

    /// <summary>The only slot, until it has been found, or null.</summary>
    private Delegate? _single;

    /// <summary>The table that is being walked, or null.</summary>
    private DenseTable<Delegate?>? _dense;

    /// <summary>Position of the next entry.</summary>
    private int _next;

    /// <summary>Position after the last slot that was connected when the emission began. Slots that are connected later come after it.</summary>
    private int _end;

    /// <summary>Initializes a cursor before the first slot.</summary>
    /// <param name="signal">The signal that is emitted.</param>
    /// <param name="slots">The slots that its emissions run.</param>
    internal SlotCursor(SignalBase signal, object? slots)
    {
        _signal = signal;
        _dense = slots as DenseTable<Delegate?>;
        _single = _dense is null ? (Delegate?)slots : null;
        _end = _dense is null ? 0 : Volatile.Read(ref _dense.Used);
    }

    /// <summary>Initializes a cursor at a position of a table.</summary>
    /// <param name="signal">The signal that is emitted.</param>
    /// <param name="dense">The table of the slots.</param>
    /// <param name="next">The position of the first slot to find.</param>
    /// <param name="end">The position after the last slot to find.</param>
    internal SlotCursor(SignalBase signal, DenseTable<Delegate?> dense, int next, int end)
    {
        _signal = signal;
        _dense = dense;
        _next = next;
        _end = end;
    }

    /// <summary>Finds the next slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="connection">The handle of the slot's connection, which is inactive for an only slot.</param>
    internal bool TryNext([NotNullWhen(true)] out Delegate? slot, out ConnectionHandle connection)
    {
        (slot, _single) = (_single, null);
        ulong id = 0;
        if (slot is null)
        {
            TryNext(out slot, out id);
        }

        connection = new ConnectionHandle(_signal, DenseId.Index(id));
        return slot is not null;
    }

    /// <summary>Finds the next slot in a table, and the id of its entry: see <see cref="DenseId"/>.</summary>
    internal bool TryNext([NotNullWhen(true)] out Delegate? slot, out ulong id)
    {
        slot = null;
        id = 0;
        while (slot is null && _next < _end)
        {
            ref DenseEntry<Delegate?> entry = ref _dense![_next];

            // Before the slot is read: if there is a slot then, it belongs to the connection with this id.
            id = Volatile.Read(ref entry.Id);
            slot = entry.Value;
            if (slot is not null)
            {
                _next++;
            }
            else if (!_signal.HasMoved(_dense, id))
            {
                _next += DenseId.Step(id);
            }
            else if (_signal.HasGroups)
            {
                // New connections may be among those that are left: each of these is looked up.
                _next++;
                _signal.TryGetSlot(DenseId.Index(id), out slot);
            }
            else if (!TryFollow())
            {
                return false;
            }
        }

        return slot is not null;
    }

    private bool TryFollow()
    {
        DenseTable<Delegate?> dense = _dense!;
        int next = _next;
        if (!_signal.TryFollow(ref dense, ref next, ref _end))
        {
            _end = 0;
            return false;
        }

        (_dense, _next) = (dense, next);
        return true;
    }
}
