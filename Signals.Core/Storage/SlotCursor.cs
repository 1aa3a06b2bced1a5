using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// Walk of one emission through the slots of a signal that can pause between two slots. It finds the slots that were connected when it began and
/// are connected still, in order.
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

    /// <summary>Position after the last entry.</summary>
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

    /// <summary>Finds the next slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="connection">The handle of the slot's connection, which is inactive for an only slot.</param>
    internal bool TryNext([NotNullWhen(true)] out Delegate? slot, out ConnectionHandle connection)
    {
        connection = new ConnectionHandle(_signal, default);
        (slot, _single) = (_single, null);
        while (slot is null && _next < _end)
        {
            ref DenseEntry<Delegate?> entry = ref _dense![_next];

            // Before the slot is read: if there is a slot then, it belongs to the connection with this id.
            ulong id = Volatile.Read(ref entry.Id);
            slot = entry.Value;
            if (slot is not null)
            {
                connection = new ConnectionHandle(_signal, DenseId.Index(id));
                _next++;
            }
            else if (!_signal.HasMoved(_dense, id))
            {
                _next += DenseId.IsLive(id) ? 1 : DenseId.Step(id);
            }
            else if (_signal.HasGroups)
            {
                // New connections may be among those that are left: each of these is looked up.
                _next++;
                connection = new ConnectionHandle(_signal, DenseId.Index(id));
                _signal.TryGetSlot(connection.Index, out slot);
            }
            else if (!_signal.TryFollow(ref _dense, ref _next, ref _end))
            {
                _end = 0;
            }
        }

        return slot is not null;
    }
}
