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

    /// <summary>The oldest entry, or null.</summary>
    private DeferredSlotRegistration? _first;

    /// <summary>The newest entry, or null.</summary>
    private DeferredSlotRegistration? _last;

    /// <summary>Number of entries.</summary>
    private int _count;

    /// <summary>Number of entries at which those of collected slots are removed: twice the number that remained the last time.</summary>
    private int _nextSweep = FirstSweep;

    internal void Add(DeferredSlot slot)
    {
        var registration = new DeferredSlotRegistration(slot);
        slot.Registration = registration;
        using (Uninterruptible.Enter(_gate))
        {
            if (_count >= _nextSweep)
            {
                Sweep();
            }

            Append(registration);
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
            while (slot is null && _first is { } first)
            {
                Unlink(first);
                first.Slot.TryGetTarget(out slot);
            }

            return slot is not null;
        }
    }

    private void Sweep()
    {
        DeferredSlotRegistration? next = _first;
        while (next is { } registration)
        {
            next = registration.Next;
            if (!registration.Slot.TryGetTarget(out _))
            {
                Unlink(registration);
            }
        }

        _nextSweep = Math.Max(FirstSweep, _count * 2);
    }

    private void Append(DeferredSlotRegistration registration)
    {
        registration.Previous = _last;
        registration.IsRegistered = true;
        if (_last is { } last)
        {
            last.Next = registration;
        }
        else
        {
            _first = registration;
        }

        _last = registration;
        _count++;
    }

    private void Unlink(DeferredSlotRegistration registration)
    {
        (DeferredSlotRegistration? previous, DeferredSlotRegistration? next) = (registration.Previous, registration.Next);
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Previous = previous;
        }

        (registration.Previous, registration.Next, registration.IsRegistered) = (null, null, false);
        _count--;
    }
}
