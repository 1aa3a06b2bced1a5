namespace Signals;

/// <summary>What few signals have: options, blocked connections, connections with a life of their own.</summary>
internal sealed class SlotExtras
{
    /// <summary>Number of chained connections that each connect may check, so that the cost of connecting does not grow with their number.</summary>
    private const int LooksPerConnect = 16;

    /// <summary>Weak connections.</summary>
    private TargetSlotList _weak;

    /// <summary>Connections to other signals.</summary>
    private TargetSlotList _chained;

    /// <summary>Total ticks for which garbage collections had stopped the threads when the weak connections were last checked.</summary>
    private long _pausesSeen;

    /// <summary>Value of <see cref="SignalBase.Disposals"/> when the chained connections were last checked.</summary>
    private int _disposalsSeen;

    /// <summary>Number of chained connections that connects may check by now.</summary>
    private int _looks;

    private volatile bool _isDisposed;

    /// <summary>How the signal behaves, or null for the defaults.</summary>
    internal SignalOptions? Options { get; init; }

    /// <summary>Indicates whether the signal has been disposed. May be read without the lock.</summary>
    internal bool IsDisposed
    {
        get => _isDisposed;
        set => _isDisposed = value;
    }

    /// <summary>Whether no connection can be made any more: the signal has been disposed, or is about to be.</summary>
    internal bool IsClosed
    {
        get => field || IsDisposed;
        set;
    }

    /// <summary>The slots of the blocked connections by their index.</summary>
    internal BlockedSlots? Blocked { get; private set; }

    /// <summary>How many connections have an adapter that wants to be told when they go.</summary>
    internal int Notified { get; private set; }

    /// <summary>How many connections are weak.</summary>
    internal int Weak => _weak.Count;

    /// <summary>Number of connections to other signals.</summary>
    internal int Chained => _chained.Count;

    /// <summary>One of the weak connections, or null; the others follow it.</summary>
    internal ITargetSlot? FirstWeak => _weak.First;

    /// <summary>One of the connections to other signals, or null; the others follow it.</summary>
    internal ITargetSlot? FirstChained => _chained.First;

    /// <summary>Indicates whether any connection has a target that may end before it.</summary>
    internal bool HasTargets => (Weak | Chained) != 0;

    /// <summary>
    /// Indicates whether an emission may leave out connections whose targets have ended: blocked ones, or those behind a slot that throws. May be
    /// read without the lock.
    /// </summary>
    internal bool HidesTargets => HasTargets && (Blocked is { Count: > 0 } || StopsAtFirst);

    /// <summary>Indicates whether a slot that throws ends the emission.</summary>
    internal bool StopsAtFirst => Options is { ExceptionPolicy: SlotExceptionPolicy.StopAtFirst, ExceptionHandler: null };

    /// <summary>Indicates whether a target may have ended since the connections were last checked. May be read without the lock.</summary>
    internal bool SeemsSweepDue => (Weak != 0 && Pauses != Volatile.Read(ref _pausesSeen)) || (Chained != 0 && AreDisposalsNew);

    /// <summary>
    /// Sum of the pauses of all garbage collections. Not their number: that rises when a background collection begins, and the objects that it finds
    /// unreachable are removed later, while the threads are stopped, which takes time.
    /// </summary>
    private static long Pauses => GC.GetTotalPauseDuration().Ticks;

    private bool AreDisposalsNew => SignalBase.Disposals != Volatile.Read(ref _disposalsSeen);

    /// <summary>Counts a new connection.</summary>
    internal void Remember(SlotAdapter adapter)
    {
        if (adapter.IsNotified)
        {
            Notified++;
        }

        if (adapter is ITargetSlot target)
        {
            ListOf(adapter).Add(target);
        }
    }

    /// <summary>Counts a connection that has gone.</summary>
    internal void Forget(Delegate slot)
    {
        if ((Notified | Weak | Chained) == 0 || slot.Target is not SlotAdapter adapter)
        {
            return;
        }

        if (adapter.IsNotified)
        {
            Notified--;
        }

        if (adapter is ITargetSlot target)
        {
            ListOf(adapter).Remove(target);
        }
    }

    internal void Block(GenIndex index, Delegate slot) => (Blocked ??= new BlockedSlots()).Add(index.Index, slot);

    internal Delegate Unblock(GenIndex index) => Blocked!.Remove(index.Index);

    /// <summary>Forgets what belonged to connections.</summary>
    internal void Clear()
    {
        Blocked = null;
        Notified = 0;
        _weak.Clear();
        _chained.Clear();
    }

    /// <summary>Releases the memory that the existing connections do not need.</summary>
    internal void Trim()
    {
        if (Blocked is not { Count: > 0 } blocked)
        {
            Blocked = null;
            return;
        }

        blocked.Trim();
    }

    /// <summary>Whether a weak connection's target may have been collected since this was last asked.</summary>
    internal bool IsWeakSweepDue()
    {
        if (Weak == 0)
        {
            return false;
        }

        long pauses = Pauses;
        if (pauses == _pausesSeen)
        {
            return false;
        }

        Volatile.Write(ref _pausesSeen, pauses);
        return true;
    }

    /// <summary>Indicates whether a chained connection's target may have been disposed since this last returned true, and a check is due.</summary>
    /// <param name="isConnect">
    /// Whether a connection is being made. The cost of an emission grows with the number of connections; that of a connect does not, so it checks
    /// many chained connections only once there have been many connects.
    /// </param>
    internal bool IsChainSweepDue(bool isConnect)
    {
        if (Chained == 0 || !AreDisposalsNew)
        {
            return false;
        }

        if (isConnect)
        {
            _looks += LooksPerConnect;
            if (_looks < Chained)
            {
                return false;
            }
        }

        // Before the targets are checked: a signal is disposed before it is counted.
        _looks = 0;
        Volatile.Write(ref _disposalsSeen, SignalBase.Disposals);
        return true;
    }

    private ref TargetSlotList ListOf(SlotAdapter adapter) => ref adapter.Kind == ConnectionKind.Weak ? ref _weak : ref _chained;
}
