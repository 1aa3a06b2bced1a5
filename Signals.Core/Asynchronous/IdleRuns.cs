namespace Signals;

/// <summary>Runs of one asynchronous slot that are kept for reuse. Guarded by the slot's lock.</summary>
internal struct IdleRuns<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>The maximum number of runs that are kept.</summary>
    private const int Most = 16;

    /// <summary>The runs, linked through <see cref="AsyncRun{TArguments}.Next"/>.</summary>
    private AsyncRun<TArguments>? _first;

    private int _count;

    /// <summary>Returns a run for an emission: one that was kept, or else a new one.</summary>
    internal AsyncRun<TArguments> Rent(AsyncSlot<TArguments> slot, TArguments arguments, RunTicket? ticket)
    {
        AsyncRun<TArguments>? run = _first;
        if (run is null)
        {
            run = new AsyncRun<TArguments>(slot);
        }
        else
        {
            _first = run.Next;
            _count--;
            run.Next = null;
        }

        run.Arguments = arguments;
        run.Ticket = ticket;
        return run;
    }

    /// <summary>Keeps a run that has ended, unless enough are kept or its token has been canceled.</summary>
    internal void Return(AsyncRun<TArguments> run)
    {
        if (_count < Most && run.TryReset())
        {
            run.Next = _first;
            _first = run;
            _count++;
        }
    }
}
