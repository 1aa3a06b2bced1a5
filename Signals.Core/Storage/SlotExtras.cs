namespace Signals;

/// <summary>State that only few signals need: options, blocked connections, and connections that are notified or have a target.</summary>
internal sealed class SlotExtras
{
    /// <summary>
    /// Number of chained connections that each connect may check, so that the cost of connecting does not grow with their number.
    /// </summary>
    private const int ChecksPerConnect = 16;

    /// <summary>The weak connections.</summary>
    private TargetSlotList _weak;

    /// <summary>The connections to other signals.</summary>
    private TargetSlotList _chained;

    /// <summary>Value of <see cref="Pauses"/> when the weak connections were last checked.</summary>
    private long _pausesSeen;

    /// <summary>Value of <see cref="SignalBase.Disposals"/> when the chained connections were last checked.</summary>
    private int _disposalsSeen;

    /// <summary>Number of chained connections that the connects since the last check may check.</summary>
    private int _checks;

    private volatile bool _isDisposed;

    /// <summary>The ended connections whose slots are still running, linked through the adapters, or null.</summary>
    private IEndingSlot? _ending;

    /// <summary>References to the evaluators on which connections have been deferred.</summary>
    private WeakReference<ConnectionEvaluator>[] _evaluators = [];

    /// <summary>Gets the options of the signal, or null for the defaults.</summary>
    internal SignalOptions? Options { get; init; }

    /// <summary>Gets or sets a value that indicates whether the signal has been disposed. May be read without the lock.</summary>
    internal bool IsDisposed
    {
        get => _isDisposed;
        set => _isDisposed = value;
    }

    /// <summary>
    /// Gets or sets a value that indicates whether new connections are rejected, because the signal has been or will be disposed.
    /// </summary>
    internal bool IsClosed
    {
        get => field || IsDisposed;
        set;
    }

    /// <summary>Gets the watch of the signal's owner for the first and the last connection, or null if there is none.</summary>
    internal ConnectionWatch? Watch { get; init; }

    /// <summary>
    /// Gets the groups of the connections that are not in group 0, by the numbers of their indices, or null if there has never been one.
    /// </summary>
    internal Dictionary<uint, int>? Groups { get; private set; }

    /// <summary>Gets the slots of the blocked connections, or null if there are none.</summary>
    internal BlockedSlots? Blocked { get; private set; }

    /// <summary>Gets the number of connections with an adapter that is notified when they end.</summary>
    internal int Notified { get; private set; }

    /// <summary>Gets the number of weak connections.</summary>
    internal int Weak => _weak.Count;

    /// <summary>Gets the number of connections to other signals.</summary>
    internal int Chained => _chained.Count;

    /// <summary>Gets the first of the weak connections, or null.</summary>
    internal ITargetSlot? FirstWeak => _weak.First;

    /// <summary>Gets the first of the connections to other signals, or null.</summary>
    internal ITargetSlot? FirstChained => _chained.First;

    /// <summary>Gets a value that indicates whether any connection has a target that may end before the connection.</summary>
    internal bool HasTargets => (Weak | Chained) != 0;

    /// <summary>
    /// Gets a value that indicates whether an emission may not reach connections whose targets have ended: blocked ones, or those after a
    /// slot that throws. May be read without the lock.
    /// </summary>
    internal bool HidesTargets => HasTargets && (Blocked is { Count: > 0 } || StopsAtFirst);

    /// <summary>Gets a value that indicates whether a slot that throws ends the emission.</summary>
    internal bool StopsAtFirst => Options is { ExceptionPolicy: SlotExceptionPolicy.StopAtFirst, ExceptionHandler: null };

    /// <summary>
    /// Gets a value that indicates whether a target may have ended since the connections were last checked. May be read without the lock.
    /// </summary>
    internal bool SeemsSweepDue => (Weak != 0 && Pauses != Volatile.Read(ref _pausesSeen)) || (Chained != 0 && AreDisposalsNew);

    /// <summary>
    /// Gets the total duration of all garbage collection pauses in ticks. The number of collections is not suitable: it increases when a
    /// background collection begins, whose unreachable objects are cleared only later, during a pause.
    /// </summary>
    private static long Pauses => GC.GetTotalPauseDuration().Ticks;

    private bool AreDisposalsNew => SignalBase.Disposals != Volatile.Read(ref _disposalsSeen);

    /// <summary>Gets references to the evaluators on which connections have been deferred. May be read without the lock.</summary>
    internal WeakReference<ConnectionEvaluator>[] Evaluators => Volatile.Read(ref _evaluators);

    /// <summary>Remembers an evaluator on which a connection has been deferred, and forgets those that no longer exist.</summary>
    internal void Remember(WeakReference<ConnectionEvaluator> evaluator)
    {
        if (Array.IndexOf(_evaluators, evaluator) < 0)
        {
            Volatile.Write(ref _evaluators, [.. _evaluators.Where(static known => known.TryGetTarget(out _)), evaluator]);
        }
    }

    /// <summary>Keeps the adapter of an ended connection whose slot is still running.</summary>
    internal void Keep(IEndingSlot ending)
    {
        ending.NextEnding = _ending;
        _ending = ending;
    }

    /// <summary>Releases the adapter of an ended connection whose slot has ended.</summary>
    internal void Forget(IEndingSlot ended)
    {
        if (_ending == ended)
        {
            _ending = ended.NextEnding;
        }
        else
        {
            IEndingSlot? previous = _ending;
            while (previous is not null && previous.NextEnding != ended)
            {
                previous = previous.NextEnding;
            }

            previous?.NextEnding = ended.NextEnding;
        }

        ended.NextEnding = null;
    }

    /// <summary>Returns the adapter of an ended connection whose slot is still running, or null.</summary>
    internal IEndingSlot? FindEnding(ConnectionHandle connection)
    {
        IEndingSlot? adapter = _ending;
        while (adapter is not null && adapter.Handle != connection)
        {
            adapter = adapter.NextEnding;
        }

        return adapter;
    }

    /// <summary>Registers a new connection.</summary>
    internal void Register(SlotAdapter adapter)
    {
        if (adapter.IsNotified)
        {
            Notified++;
        }

        if (adapter is ITargetSlot target)
        {
            ListOf(target).Add(target);
        }
    }

    /// <summary>Unregisters a connection that has ended.</summary>
    internal void Unregister(Delegate slot)
    {
        if ((Notified | Weak | Chained) == 0 || TrackedConnection.TargetOf(slot) is not SlotAdapter adapter)
        {
            return;
        }

        if (adapter.IsNotified)
        {
            Notified--;
        }

        if (adapter is ITargetSlot target)
        {
            ListOf(target).Remove(target);
        }
    }

    /// <summary>Makes room for a connection in a group.</summary>
    internal void ReserveGroup() => (Groups ??= []).EnsureCapacity(Groups!.Count + 1);

    /// <summary>Returns the group of a connection.</summary>
    internal int GroupOf(GenIndex index) => Groups is { } groups && groups.TryGetValue(index.Index, out int group) ? group : 0;

    internal void Block(GenIndex index, Delegate slot) => (Blocked ??= new BlockedSlots()).Add(index.Index, slot);

    internal Delegate Unblock(GenIndex index) => Blocked!.Remove(index.Index);

    /// <summary>Clears the state of all connections.</summary>
    internal void Clear()
    {
        Blocked = null;
        Groups?.Clear();
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

    /// <summary>Determines whether a weak connection's target may have been collected since the last call that returned true.</summary>
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

    /// <summary>
    /// Determines whether a check of the chained connections is due, because a target may have been disposed since the last call that
    /// returned true.
    /// </summary>
    /// <param name="isConnect">
    /// True if a connection is being added, and false for an emission. The cost of an emission grows with the number of connections anyway.
    /// That of a connect does not, so many chained connections are checked only after many connects.
    /// </param>
    internal bool IsChainSweepDue(bool isConnect)
    {
        if (Chained == 0 || !AreDisposalsNew)
        {
            return false;
        }

        if (isConnect)
        {
            _checks += ChecksPerConnect;
            if (_checks < Chained)
            {
                return false;
            }
        }

        // Before the targets are checked: a signal is marked as disposed before it is counted.
        _checks = 0;
        Volatile.Write(ref _disposalsSeen, SignalBase.Disposals);
        return true;
    }

    private ref TargetSlotList ListOf(ITargetSlot target) => ref target.IsWeak ? ref _weak : ref _chained;
}
