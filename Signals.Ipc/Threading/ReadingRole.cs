namespace Signals.Ipc.Threading;

/// <summary>
/// The reading from a connection by one thread at a time. While user code runs on that thread and blocks, or the loop waits for a thread of the pool that
/// does not come because user code blocks all of them, <see cref="BlockedReaders"/> relieves it: another thread reads on, with a role of its own, and the
/// first does nothing more for the connection.
/// </summary>
/// <param name="reader">The connection.</param>
internal sealed class ReadingRole(IReader reader)
{
    private const long Reading = 0;
    private const long Relieved = -1;

    /// <summary>
    /// <see cref="Reading"/>, <see cref="Relieved"/>, the number of the section of user code that is running, or the negative number of the wait.
    /// </summary>
    private long _state;

    /// <summary>The number of the last section of user code or wait. Written by the reading thread alone.</summary>
    private long _last = 1;

    /// <summary>Indicates whether the connection has been prepared for its next reading thread.</summary>
    private volatile bool _isHandedOver;

    /// <summary>The state at the last observation. Used by the observing thread alone.</summary>
    private long _observedState;

    /// <summary>The number of the last section or wait at the last observation. Used by the observing thread alone.</summary>
    private long _observedLast;

    /// <summary>Gets a value that indicates whether another thread reads in this thread's place. Final outside user code and waits.</summary>
    internal bool IsRelieved => Volatile.Read(ref _state) == Relieved;

    /// <summary>Gets a value that indicates whether user code runs on the reading thread.</summary>
    internal bool IsInUserCode => Volatile.Read(ref _state) > Reading;

    /// <summary>Begins a section of user code. Called by the reading thread, which holds nothing that its successor needs.</summary>
    internal UserCodeSection EnterUserCode()
    {
        if (Volatile.Read(ref _state) != Reading)
        {
            // Inside another section, whose end counts.
            return default;
        }

        long section = NextNumber();
        Volatile.Write(ref _state, section);

        // Needs no barrier: see BlockedReaders.
        if (!BlockedReaders.IsWatching)
        {
            BlockedReaders.Watch();
        }

        return new UserCodeSection(this, section);
    }

    /// <summary>Ends a section of user code. If the thread was relieved, waits until the connection no longer depends on it.</summary>
    internal void ExitUserCode(long section)
    {
        if (Interlocked.CompareExchange(ref _state, Reading, section) == section)
        {
            return;
        }

        SpinWait spin = default;
        while (!_isHandedOver)
        {
            spin.SpinOnce();
        }

        BlockedReaders.OnReturned();
    }

    /// <summary>
    /// Begins to wait for a thread of the pool. Called by the reading thread, which holds nothing that its successor needs, and whose wait consumes nothing.
    /// </summary>
    internal void BeginWaiting() => Volatile.Write(ref _state, -NextNumber());

    /// <summary>Ends the wait, on the thread that has come.</summary>
    /// <returns>False if another thread has read on meanwhile.</returns>
    internal bool TryEndWaiting()
    {
        long wait = -_last;
        return Interlocked.CompareExchange(ref _state, Reading, wait) == wait;
    }

    /// <summary>Observes the role. Called periodically, by one thread.</summary>
    /// <param name="isPoolStuck">A value that indicates whether no thread of the pool makes progress.</param>
    /// <param name="isActive">A value that indicates whether user code has run, or a wait has begun, since the last observation.</param>
    /// <returns>True if the section of user code of the last observation is still running, or its wait lasts while the pool is stuck.</returns>
    internal bool Observe(bool isPoolStuck, out bool isActive)
    {
        long last = Volatile.Read(ref _last);
        long state = Volatile.Read(ref _state);
        isActive = last != _observedLast;
        bool isSame = state == _observedState && (state > Reading || (state < Relieved && isPoolStuck));
        _observedLast = last;
        _observedState = state;
        return isSame;
    }

    /// <summary>
    /// Relieves the thread, unless its user code has returned or its wait has ended since the observation, or nothing has happened that it waits for.
    /// Called by the observing thread, outside every lock.
    /// </summary>
    internal void Relieve()
    {
        long observed = _observedState;
        bool isBlocked = observed > Reading;
        if ((!isBlocked && !reader.CanReadOn) || Interlocked.CompareExchange(ref _state, Relieved, observed) != observed)
        {
            return;
        }

        if (isBlocked)
        {
            BlockedReaders.OnBlocked();
            try
            {
                reader.OnBlocked();
            }
            finally
            {
                _isHandedOver = true;
            }
        }

        reader.ReadOn();
    }

    /// <summary>Sends what waits for a thread of the pool. Called by the observing thread while the pool is stuck.</summary>
    internal void SendOverdue() => reader.SendOverdue();

    private long NextNumber()
    {
        long number = _last + 1;
        Volatile.Write(ref _last, number);
        return number;
    }
}
