namespace Signals.Ipc.Threading;

/// <summary>
/// The reading from a connection by one thread at a time. While user code runs on that thread and blocks, <see cref="BlockedReaders"/> relieves the
/// thread: another one reads on, with a role of its own, and the first does nothing more for the connection when the user code has returned.
/// </summary>
/// <param name="onRelieved">
/// Called on another thread when the reading thread has been relieved: prepares the connection for its next reading thread. Never runs user code.
/// </param>
/// <param name="readOn">Called after that: lets another thread read on.</param>
internal sealed class ReadingRole(Action onRelieved, Action readOn)
{
    private const long Reading = 0;
    private const long Relieved = -1;

    /// <summary><see cref="Reading"/>, <see cref="Relieved"/>, or the number of the section of user code that is running.</summary>
    private long _state;

    /// <summary>The number of the last section of user code. Written by the reading thread alone.</summary>
    private long _lastSection;

    /// <summary>Indicates whether the connection has been prepared for its next reading thread.</summary>
    private volatile bool _isHandedOver;

    /// <summary>The state at the last observation. Used by the observing thread alone.</summary>
    private long _observedState;

    /// <summary>The number of the last section at the last observation. Used by the observing thread alone.</summary>
    private long _observedSection;

    /// <summary>Gets a value that indicates whether another thread reads in this thread's place. Final outside user code.</summary>
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

        long section = _lastSection + 1;
        Volatile.Write(ref _lastSection, section);
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
    }

    /// <summary>Observes the role. Called periodically, by one thread.</summary>
    /// <param name="isActive">A value that indicates whether user code has run since the last observation.</param>
    /// <returns>True if the section of user code of the last observation is still running.</returns>
    internal bool Observe(out bool isActive)
    {
        long section = Volatile.Read(ref _lastSection);
        long state = Volatile.Read(ref _state);
        isActive = section != _observedSection;
        bool isBlocked = state > Reading && state == _observedState;
        _observedSection = section;
        _observedState = state;
        return isBlocked;
    }

    /// <summary>Relieves the thread, unless its user code has returned since the observation. Called by the observing thread, outside every lock.</summary>
    internal void Relieve()
    {
        if (Interlocked.CompareExchange(ref _state, Relieved, _observedState) != _observedState)
        {
            return;
        }

        try
        {
            onRelieved();
        }
        finally
        {
            _isHandedOver = true;
        }

        readOn();
    }
}
