namespace Signals.Reactive;

/// <summary>Work that runs periodically until it is canceled.</summary>
internal sealed class PeriodicWork<TState>(TimedWork timed, ConnectionEvaluator evaluator, TimeSpan period, TState state, Func<TState, TState> action)
    : ScheduledWork(timed)
{
    private const int Idle = 0;
    private const int Running = 1;
    private const int Cancelled = 2;

    /// <summary>
    /// The phase. The thread that changes it to <see cref="Running"/>, or from <see cref="Idle"/> to <see cref="Cancelled"/>, owns the
    /// action and the state.
    /// </summary>
    private int _phase = Idle;

    /// <summary>Number of queued invocations that have not started. Too high if the evaluator has dropped some of them.</summary>
    private int _queued;

    private Func<TState, TState>? _action = action;
    private TState _state = state;

    /// <summary>Gets the delegate that queues the work again when it has run, or null if a timer queues it.</summary>
    internal Action<ScheduledWork>? Repeat { private get; init; }

    internal override TimeSpan Period => period;

    internal override int Room
    {
        get
        {
            int queued = Volatile.Read(ref _queued);
            if (queued < EvaluatorScheduler.MaxLatePeriods)
            {
                return EvaluatorScheduler.MaxLatePeriods - queued;
            }

            // The evaluator does not report dropped invocations, but its number of pending ones is an upper limit.
            int pending = evaluator.PendingCount;
            if (pending < queued)
            {
                Interlocked.CompareExchange(ref _queued, pending, queued);
            }

            return Math.Max(0, EvaluatorScheduler.MaxLatePeriods - pending);
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
                ReleaseAction();
            }
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _phase, Cancelled) == Idle)
        {
            ReleaseAction();
        }

        StopWaiting();
    }

    private void ReleaseAction() => (_action, _state) = (null, default!);
}
