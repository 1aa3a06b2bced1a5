namespace Signals;

/// <summary>What few signals have: options, blocked connections, connections with a life of their own.</summary>
internal sealed class SlotExtras
{
    /// <summary>How long garbage collections had stopped the threads in all when the weak connections were last looked through.</summary>
    private TimeSpan _pausesSeen;

    /// <summary>How the signal behaves, or null for the defaults.</summary>
    internal SignalOptions? Options { get; init; }

    /// <summary>Whether the signal has been disposed.</summary>
    internal bool IsDisposed { get; set; }

    /// <summary>Whether no connection can be made any more: the signal has been disposed, or is about to be.</summary>
    internal bool IsClosed
    {
        get => field || IsDisposed;
        set;
    }

    /// <summary>The slots of the blocked connections by their index.</summary>
    internal Dictionary<uint, Delegate>? Blocked { get; private set; }

    /// <summary>How many connections have an adapter that wants to be told when they go.</summary>
    internal int Notified { get; private set; }

    /// <summary>How many connections are weak.</summary>
    internal int Weak { get; private set; }

    /// <summary>Counts a new connection.</summary>
    internal void Remember(SlotAdapter adapter) => Count(adapter, 1);

    /// <summary>Counts a connection that has gone.</summary>
    internal void Forget(Delegate slot)
    {
        if (Notified + Weak != 0 && slot.Target is SlotAdapter adapter)
        {
            Count(adapter, -1);
        }
    }

    /// <summary>Whether an emission may leave out weak connections: blocked ones, or those behind a slot that throws.</summary>
    internal bool HidesWeak => Weak != 0 && (Blocked is { Count: > 0 } || StopsAtFirst);

    /// <summary>Whether a slot that throws ends the emission.</summary>
    internal bool StopsAtFirst => Options is { ExceptionPolicy: SlotExceptionPolicy.StopAtFirst, ExceptionHandler: null };

    internal void Block(GenIndex index, Delegate slot) => (Blocked ??= []).Add(index.Index, slot);

    internal Delegate Unblock(GenIndex index)
    {
        Blocked!.Remove(index.Index, out Delegate? slot);
        return slot!;
    }

    /// <summary>Forgets what belonged to connections.</summary>
    internal void Clear()
    {
        Blocked = null;
        Notified = 0;
        Weak = 0;
    }

    private void Count(SlotAdapter adapter, int change)
    {
        Notified += adapter.IsNotified ? change : 0;
        Weak += adapter is IWeakSlot ? change : 0;
    }

    /// <summary>Whether a weak connection's target may have been collected since this was last asked.</summary>
    internal bool IsSweepDue()
    {
        if (Weak == 0)
        {
            return false;
        }

        // Not the number of collections: that rises as a collection in the background begins, and what it finds to be garbage goes later.
        // It goes while the threads are stopped, and stopping them takes time.
        TimeSpan pauses = GC.GetTotalPauseDuration();
        if (pauses == _pausesSeen)
        {
            return false;
        }

        _pausesSeen = pauses;
        return true;
    }
}
