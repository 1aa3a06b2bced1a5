namespace Signals.Reactive;

/// <summary>Work that runs again and again, until it is cancelled.</summary>
internal sealed class PeriodicWork<TState>(
    TimedWork timed,
    ConnectionEvaluator evaluator,
    TimeSpan period,
    TState state,
    Func<TState, TState> action
) : ScheduledWork(timed)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Cancelled = 2;

    /// <summary>Whoever makes it <see cref="Running"/>, or <see cref="Cancelled"/> while it was idle, owns what follows.</summary>
    private int _phase = Idle;

    /// <summary>Number of its invocations that are queued and have not begun; more than there are when the evaluator has dropped some.</summary>
    private int _queued;

    private Func<TState, TState>? _action = action;
    private TState _state = state;

    /// <summary>Queues it again when it has run; null where a timer does.</summary>
    internal Action<ScheduledWork>? Repeat { private get; init; }

    internal override TimeSpan Period => period;

    internal override int Room
    {
        get
        {
            int queued = Volatile.Read(ref _queued);
            if (queued < EvaluatorScheduler.MostLatePeriods)
            {
                return EvaluatorScheduler.MostLatePeriods - queued;
            }

            // The evaluator may have dropped some without telling: no more can be queued than it has pending.
            int pending = evaluator.PendingCount;
            if (pending < queued)
            {
                Interlocked.CompareExchange(ref _queued, pending, queued);
            }

            return Math.Max(0, EvaluatorScheduler.MostLatePeriods - pending);
        }
    }

    internal override void OnQueueing() => Interlocked.Increment(ref _queued);

    internal override void Run()
    {
        if (Period > TimeSpan.Zero && Interlocked.Decrement(ref _queued) < 0)
        {
            Interlocked.Increment(ref _queued);
        }

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
