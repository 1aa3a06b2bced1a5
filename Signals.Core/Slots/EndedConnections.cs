namespace Signals;

/// <summary>Ends the connections of a signal, and notifies the adapters of connections that end.</summary>
internal static class EndedConnections
{
    /// <summary>Ends all connections of a signal, and disposes it if requested. Called while no lock is held.</summary>
    internal static void EndAll(SignalBase signal, ref SlotStore store, bool dispose)
    {
        if (store.TryRemoveAll(dispose))
        {
            if (dispose)
            {
                SignalBase.CountDisposal();
            }

            return;
        }

        // Even if the signal has been disposed: the thread that disposes it may not have ended the connections yet.
        SlotTable table = store.RequireTable();
        List<(GenIndex Index, Delegate Slot)>? notified;
        using (table.Enter())
        {
            if (table.IsDisposed)
            {
                return;
            }

            // Before anything changes, because both the snapshot and the disposal may run out of memory.
            notified = table.Extras is { Notified: > 0 } ? store.Snapshot(table) : null;
            if (dispose)
            {
                table.Dispose();
                SignalBase.CountDisposal();
            }

            if (notified is not null)
            {
                NotifyDisconnecting(notified, table);
            }

            store.RemoveAll(table);
        }

        if (notified is null)
        {
            signal.ReportConnected();
        }
        else
        {
            NotifyDisconnected(signal, notified, signalEnded: dispose);
        }
    }

    /// <summary>Notifies an adapter that its connection is ending. Called while the signal's lock is held. Allocates no memory.</summary>
    internal static void NotifyDisconnecting(SlotAdapter adapter, SlotTable table)
    {
        adapter.OnDisconnecting();
        if (adapter is IEndingSlot { IsEnding: true } ending)
        {
            table.Extras!.Keep(ending);
        }
    }

    /// <summary>Notifies the adapters of all connections that these are ending. Called while the signal's lock is held.</summary>
    internal static void NotifyDisconnecting(List<(GenIndex Index, Delegate Slot)> connections, SlotTable table)
    {
        foreach ((_, Delegate slot) in connections)
        {
            if (TrackedConnection.TargetOf(slot) is SlotAdapter adapter)
            {
                NotifyDisconnecting(adapter, table);
            }
        }
    }

    /// <summary>Notifies an adapter that its connection has ended. Does not throw.</summary>
    internal static void NotifyDisconnected(SlotAdapter adapter, ConnectionHandle connection)
    {
        try
        {
            adapter.OnDisconnected(signalEnded: false);
        }
        catch (Exception exception)
        {
            UnhandledFailure.Report(exception, connection);
        }
    }

    /// <summary>Notifies the adapters of all connections that these have ended, and throws the exceptions of user code.</summary>
    internal static void NotifyDisconnected(SignalBase signal, List<(GenIndex Index, Delegate Slot)> connections, bool signalEnded)
    {
        // User code last: when an observer is completed, no invocation of the signal is queued any more.
        var failures = new SlotFailures();
        NotifyDisconnected(signal, connections, withUserCode: false, signalEnded, failures);
        NotifyDisconnected(signal, connections, withUserCode: true, signalEnded, failures);
        signal.ReportConnected();
        failures.ThrowIfAny(signal.TypeName);
    }

    private static void NotifyDisconnected(
        SignalBase signal,
        List<(GenIndex Index, Delegate Slot)> connections,
        bool withUserCode,
        bool signalEnded,
        SlotFailures failures
    )
    {
        foreach ((GenIndex index, Delegate slot) in connections)
        {
            if (TrackedConnection.TargetOf(slot) is not SlotAdapter adapter || adapter.EndsWithUserCode != withUserCode)
            {
                continue;
            }

            try
            {
                adapter.OnDisconnected(signalEnded);
            }
            catch (Exception exception)
            {
                failures.Add(exception, slot, new ConnectionHandle(signal, index));
            }
        }
    }
}
