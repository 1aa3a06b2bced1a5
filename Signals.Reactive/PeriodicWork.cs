namespace Signals.Reactive;

/// <summary>Work that runs again and again, until it is cancelled.</summary>
internal sealed class PeriodicWork<TState>(TimedWork timed, TimeSpan period, TState state, Func<TState, TState> action) : ScheduledWork(timed)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Cancelled = 2;

    /// <summary>Whoever makes it <see cref="Running"/>, or <see cref="Cancelled"/> while it was idle, owns what follows.</summary>
    private int _phase = Idle;

    private Func<TState, TState>? _action = action;
    private TState _state = state;

    /// <summary>Queues it again when it has run; null where a timer does.</summary>
    internal Action<ScheduledWork>? Repeat { private get; init; }

    internal override TimeSpan Period => period;

    internal override void Run()
    {
        if (Interlocked.CompareExchange(ref _phase, Running, Idle) != Idle)
        {
            return;
        }

        try
        {
            _state = _action!(_state);
        }
        finally
        {
            if (Interlocked.CompareExchange(ref _phase, Idle, Running) == Running)
            {
                Repeat?.Invoke(this);
            }
            else
            {
                LetGo();
            }
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _phase, Cancelled) == Idle)
        {
            LetGo();
        }

        StopWaiting();
    }

    private void LetGo() => (_action, _state) = (null, default!);
}
