using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>
/// An evaluator as Rx's scheduler: what is scheduled here runs where the evaluator is evaluated, in line with the slots that are deferred on
/// it. Work that is due at once is queued at once, also when it is scheduled by work that runs here; timed work is queued when its time has come.
/// </summary>
/// <remarks>
/// <para>Thread-safe. Nothing here needs to be disposed: a scheduler holds a timer only while it has timed work, and the evaluator keeps none of
/// its schedulers alive. Work of one scheduler that is due at the same time runs in the order in which it was scheduled; make one scheduler for an
/// evaluator and keep it, since there is no such order between two.</para>
/// <para>What scheduled work throws is thrown by the evaluation that ran it, when everything else that it had to run has run, like a slot's
/// exception. Periodic work that has thrown goes on with the state that it had.</para>
/// <para>Disposing the evaluator drops all work, including work that is not due yet, and disposes the timer. Work that is scheduled afterwards is
/// dropped too, on whatever thread: like emitting to the connections that a disposed evaluator had, scheduling on it does nothing, so that a pipeline
/// survives the evaluator beneath it. An evaluator with a capacity drops, or waits with, scheduled work like any invocation.</para>
/// <para>Time is the <see cref="TimeProvider"/>'s. An absolute time is turned into a relative one as the work is scheduled: setting the clock
/// afterwards moves nothing. If a timestamp goes back, no time has passed; if it jumps ahead, that time has passed. A timer that keeps calling
/// back too early by the timestamps is trusted in the end. The provider is never called inside a lock, and may call back from inside any call.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class EvaluatorScheduler : IScheduler, ISchedulerPeriodic, IStopwatchProvider, IServiceProvider
{
    /// <summary>Number of runs of one periodic work that are queued at most, and of periods that are made up for.</summary>
    internal const int MostLatePeriods = 64;

    private readonly ConnectionEvaluator _evaluator;
    private readonly TimeProvider _time;

    /// <summary>Queues work that is due: emits a signal whose only slot is deferred on the evaluator.</summary>
    private readonly Action<ScheduledWork> _queue;

    private readonly TimedWork _timed;

    /// <summary>Makes a scheduler of an evaluator.</summary>
    /// <param name="evaluator">Runs the work.</param>
    /// <param name="timeProvider">The time that work waits for, or null for the system's.</param>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    public EvaluatorScheduler(ConnectionEvaluator evaluator, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(evaluator);
        _evaluator = evaluator;
        _time = timeProvider ?? TimeProvider.System;
        var due = new Signal<ScheduledWork>();
        due.ConnectDeferred(evaluator, static work => work.Run());
        _queue = due.Emit;
        _timed = new TimedWork(_time, _queue);
        evaluator.Disposed.ConnectWeak(_timed, static timed => timed.Drop());
    }

    /// <summary>The time provider's time, in UTC.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Queues work.</summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    /// <param name="state">What it is given.</param>
    /// <param name="action">The work. What it returns is disposed when the work is cancelled after it has run.</param>
    /// <returns>Disposing it cancels the work if it has not begun, and disposes what the action returns if it has.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (_evaluator.IsDisposed)
        {
            return Disposable.Empty;
        }

        var work = new SingleWork<TState>(this, _timed, state, action);
        _queue(work);
        return work;
    }

    /// <summary>Queues work when a time has passed.</summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    /// <param name="state">What it is given.</param>
    /// <param name="dueTime">How long to wait. Negative times are the same as zero.</param>
    /// <param name="action">The work. What it returns is disposed when the work is cancelled after it has run.</param>
    /// <returns>Disposing it cancels the work if it has not begun, and disposes what the action returns if it has.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        if (dueTime <= TimeSpan.Zero)
        {
            return Schedule(state, action);
        }

        ArgumentNullException.ThrowIfNull(action);
        var work = new SingleWork<TState>(this, _timed, state, action);
        return _timed.TryAdd(work, dueTime) ? work : Disposable.Empty;
    }

    /// <summary>Queues work at a time.</summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    /// <param name="state">What it is given.</param>
    /// <param name="dueTime">When to queue it, by <see cref="Now"/>. Times in the past are the same as now.</param>
    /// <param name="action">The work. What it returns is disposed when the work is cancelled after it has run.</param>
    /// <returns>Disposing it cancels the work if it has not begun, and disposes what the action returns if it has.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    /// <summary>
    /// Queues work again and again, the first time after one period. Each period queues it once, and none runs beside another. An evaluator that is
    /// late catches up on the periods that it has missed, up to 64 of them: what is queued of one periodic work does not grow beyond that, and
    /// earlier periods are left out.
    /// </summary>
    /// <typeparam name="TState">The type of its state.</typeparam>
    /// <param name="state">What it is given first.</param>
    /// <param name="period">
    /// How long to wait between two. Negative times are the same as zero, with which the work is queued again whenever it has run.
    /// </param>
    /// <param name="action">The work, which returns the state that it is given next.</param>
    /// <returns>Disposing it ends the work; it is not started again afterwards.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable SchedulePeriodic<TState>(TState state, TimeSpan period, Func<TState, TState> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        if (_evaluator.IsDisposed)
        {
            return Disposable.Empty;
        }

        if (period <= TimeSpan.Zero)
        {
            var continuous = new PeriodicWork<TState>(_timed, _evaluator, TimeSpan.Zero, state, action) { Repeat = _queue };
            _queue(continuous);
            return continuous;
        }

        var work = new PeriodicWork<TState>(_timed, _evaluator, period, state, action);
        return _timed.TryAdd(work, period) ? work : Disposable.Empty;
    }

    /// <summary>Starts a stopwatch that goes by the time provider.</summary>
    /// <returns>The stopwatch.</returns>
    public IStopwatch StartStopwatch() => new TimeProviderStopwatch(_time);

    /// <summary>Says what the scheduler is and how much work waits for its time.</summary>
    /// <returns>A text for logs and debuggers.</returns>
    public override string ToString() => $"{nameof(EvaluatorScheduler)} ({_timed.Count} timed, {_evaluator})";

    /// <summary>How Rx finds out what a scheduler can do besides scheduling.</summary>
    object? IServiceProvider.GetService(Type serviceType) =>
        serviceType == typeof(ISchedulerPeriodic) || serviceType == typeof(IStopwatchProvider) ? this : null;
}
