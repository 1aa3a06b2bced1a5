namespace Signals;

/// <summary>
/// The slots that are deferred on one evaluator, so that it can end their connections. Weak, so that an evaluator that lives long does not
/// keep alive every signal that ever was connected through it. Thread-safe.
/// </summary>
internal sealed class DeferredSlotRegister
{
    private const int FirstSweep = 16;

    private readonly Lock _lock = new();
    private readonly GenIndexArray<WeakReference<DeferredSlot>> _slots = new();

    /// <summary>How many entries there are before those of collected slots are looked for: twice as many as were left last time.</summary>
    private int _nextSweep = FirstSweep;

    internal void Add(DeferredSlot slot)
    {
        lock (_lock)
        {
            if (_slots.Count >= _nextSweep)
            {
                Sweep();
            }

            slot.Registration = _slots.Insert(new WeakReference<DeferredSlot>(slot));
        }
    }

    internal void Remove(DeferredSlot slot)
    {
        lock (_lock)
        {
            _slots.Erase(slot.Registration);
        }
    }

    /// <summary>Empties the register, and returns the slots that are still there, in the order of their connections.</summary>
    internal List<DeferredSlot> TakeAll()
    {
        lock (_lock)
        {
            var slots = new List<DeferredSlot>(_slots.Count);
            foreach ((_, WeakReference<DeferredSlot> reference) in _slots)
            {
                if (reference.TryGetTarget(out DeferredSlot? slot))
                {
                    slots.Add(slot);
                }
            }

            _slots.Clear();
            return slots;
        }
    }

    private void Sweep()
    {
        foreach (GenIndex dead in _slots.Where(entry => !entry.Value.TryGetTarget(out _)).Select(entry => entry.Index).ToList())
        {
            _slots.Erase(dead);
        }

        _nextSweep = Math.Max(FirstSweep, _slots.Count * 2);
    }
}
