namespace Signals;

/// <summary>Removes connections whose targets have ended. The lock of the table is held.</summary>
internal static class TargetSweep
{
    /// <summary>Removes connections whose targets have ended, before a connection is added.</summary>
    internal static void ForConnect(SlotTable table, ref object? slots)
    {
        if (table.Extras is not { HasTargets: true } extras)
        {
            return;
        }

        if (extras.IsWeakSweepDue())
        {
            Sweep(table, extras.FirstWeak, ref slots);
        }

        if (extras.IsChainSweepDue(isConnect: true))
        {
            Sweep(table, extras.FirstChained, ref slots);
        }
    }

    /// <summary>Removes connections whose targets have ended, before an emission that may not reach all connections.</summary>
    internal static void ForEmission(SlotTable table, ref object? slots)
    {
        SlotExtras extras = table.Extras!;
        if (extras.IsWeakSweepDue())
        {
            Sweep(table, extras.FirstWeak, ref slots);
        }

        if (extras.IsChainSweepDue(isConnect: false))
        {
            Sweep(table, extras.FirstChained, ref slots);
        }
    }

    private static void Sweep(SlotTable table, ITargetSlot? first, ref object? slots)
    {
        ITargetSlot? next;
        for (ITargetSlot? slot = first; slot is not null; slot = next)
        {
            next = slot.Next;
            if (slot.IsTargetAlive)
            {
                continue;
            }

            // Adapters with a target run no user code when they are notified.
            var notified = (SlotAdapter)slot is { IsNotified: true } adapter ? adapter : null;
            notified?.OnDisconnecting();
            table.Remove(slot.Index, ref slots);
            notified?.OnDisconnected(signalEnded: false);
        }
    }
}
