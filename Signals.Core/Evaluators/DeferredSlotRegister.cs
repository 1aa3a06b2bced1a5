using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// Register of the slots that are deferred on one evaluator, which ends their connections when it is disposed. The references are weak, so
/// that a long-lived evaluator does not keep alive every signal that was ever connected through it. Thread-safe.
/// </summary>
/// <remarks>The entries form a linked list: removing an entry releases all of its memory and cannot fail.</remarks>
internal sealed class DeferredSlotRegister
{
    private const int FirstSweep = 16;

    private readonly object _gate = new();

    /// <summary>The entries, oldest first.</summary>
    private LinkedEntries<DeferredSlotRegistration> _entries;

    /// <summary>Number of entries at which those of collected slots are removed: twice the number that remained the last time.</summary>
    private int _nextSweep = FirstSweep;

    internal void Add(DeferredSlot slot)
    {
        var registration = new DeferredSlotRegistration(slot);
        slot.Registration = registration;
        using (Uninterruptible.Enter(_gate))
        {
            if (_entries.Count >= _nextSweep)
            {
                Sweep();
            }

            registration.IsRegistered = true;
            _entries.Add(registration);
        }
    }

    /// <summary>Removes a slot. Does nothing if it has been removed already.</summary>
    internal void Remove(DeferredSlot slot)
    {
        using (Uninterruptible.Enter(_gate))
        {
            if (slot.Registration is { IsRegistered: true } registration)
            {
                Unlink(registration);
            }
        }
    }

    /// <summary>Removes the slot whose connection is the oldest. Returns false if there is none.</summary>
    internal bool TryTakeFirst([NotNullWhen(true)] out DeferredSlot? slot)
    {
        using (Uninterruptible.Enter(_gate))
        {
            slot = null;
            while (slot is null && _entries.First is { } first)
            {
                Unlink(first);
                first.Slot.TryGetTarget(out slot);
            }

            return slot is not null;
        }
    }

    private void Sweep()
    {
        DeferredSlotRegistration? next = _entries.First;
        while (next is { } registration)
        {
            next = registration.Next;
            if (!registration.Slot.TryGetTarget(out _))
            {
                Unlink(registration);
            }
        }

        _nextSweep = Math.Max(FirstSweep, _entries.Count * 2);
    }

    private void Unlink(DeferredSlotRegistration registration)
    {
        _entries.Remove(registration);
        registration.IsRegistered = false;
    }
}
