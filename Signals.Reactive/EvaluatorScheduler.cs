using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>
/// Rx scheduler for an evaluator: scheduled work runs on the thread that evaluates the evaluator, in order with the invocations of deferred slots.
/// Work that is due immediately is queued immediately, even if it is scheduled by work that is running on the evaluator. Timed work is queued when
/// it is due.
/// </summary>
/// <remarks>
/// <para>All members are thread-safe. A scheduler need not be disposed: its timer is active only while timed work is waiting, and the
/// evaluator does not keep its schedulers alive. Work of one scheduler that is due at the same time runs in the order in which it was
/// scheduled. This order does not extend across schedulers, so create one scheduler for each evaluator and reuse it.</para>
/// <para>Exceptions of scheduled work are thrown by the evaluation that ran it, after all other invocations of that evaluation have run,
/// like the exceptions of slots. Periodic work that has thrown continues with its previous state.</para>
/// <para>Disposing the evaluator drops all work, including work that is not yet due, and disposes the timer. Work that is scheduled
/// afterwards is dropped as well, on any thread, so that pipelines keep working after the evaluator has been disposed. If the evaluator has
/// a capacity, it applies to scheduled work as to any invocation: work may be dropped, or scheduling may wait.</para>
/// <para>Times are those of the <see cref="TimeProvider"/>. An absolute due time is converted to a relative one when the work is scheduled,
/// so later adjustments of the clock have no effect. If a timestamp is less than the previous one, no time has passed; if it jumps forward,
/// that time has passed. If a timer repeatedly calls back too early according to the timestamps, the scheduler eventually relies on the
/// timer. The provider is never called while a lock is held, and it may call back during any call.</para>
/// </remarks>
[DebuggerDisplay("{ToString(),nq}")]
public sealed class EvaluatorScheduler : IScheduler, ISchedulerPeriodic, IStopwatchProvider, IServiceProvider
{
    /// <summary>
    /// Maximum number of queued runs of one periodic work item, which is also the maximum number of missed periods that it catches up on.
    /// </summary>
    internal const int MaxLatePeriods = 64;

    private readonly ConnectionEvaluator _evaluator;
    private readonly TimeProvider _time;

    /// <summary>The delegate that queues due work: it emits a signal whose only slot is deferred on the evaluator.</summary>
    private readonly Action<ScheduledWork> _queue;

    private readonly TimedWork _timed;

    /// <summary>Initializes a scheduler for an evaluator.</summary>
    /// <param name="evaluator">The evaluator that runs the work.</param>
    /// <param name="timeProvider">The time provider for timed work, or null for <see cref="TimeProvider.System"/>.</param>
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

    /// <summary>Gets the current time of the time provider, in UTC.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Schedules work that is due immediately.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">The state to pass to the action.</param>
    /// <param name="action">The work. The object that it returns is disposed when the work is canceled after it has run.</param>
    /// <returns>
    /// An object that cancels the work when it is disposed: if the action has not started, it does not run; otherwise, the object that it
    /// returns is disposed.
    /// </returns>
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

    /// <summary>Schedules work that is due after a relative time.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">The state to pass to the action.</param>
    /// <param name="dueTime">The time after which the work is queued. Negative times are treated as zero.</param>
    /// <param name="action">The work. The object that it returns is disposed when the work is canceled after it has run.</param>
    /// <returns>
    /// An object that cancels the work when it is disposed: if the action has not started, it does not run; otherwise, the object that it
    /// returns is disposed.
    /// </returns>
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

    /// <summary>Schedules work that is due at an absolute time.</summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">The state to pass to the action.</param>
    /// <param name="dueTime">
    /// The time at which the work is queued, relative to <see cref="Now"/>. Work with a time in the past is due immediately.
    /// </param>
    /// <param name="action">The work. The object that it returns is disposed when the work is canceled after it has run.</param>
    /// <returns>
    /// An object that cancels the work when it is disposed: if the action has not started, it does not run; otherwise, the object that it
    /// returns is disposed.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="action"/> is null.</exception>
    public IDisposable Schedule<TState>(TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    /// <summary>
    /// Schedules periodic work, which is due for the first time after one period. It is queued once for each period, and its runs do not
    /// overlap. If the evaluator is late, it catches up on at most 64 missed periods: no more than 64 runs of one work item are queued, and
    /// earlier periods are skipped.
    /// </summary>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <param name="state">The initial state to pass to the action.</param>
    /// <param name="period">
    /// The period. Negative times are treated as zero. With a period of zero, the work is queued again each time it has run.
    /// </param>
    /// <param name="action">The work, which returns the state for its next run.</param>
    /// <returns>An object that cancels the work when it is disposed: the action is not started again.</returns>
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

    /// <summary>Starts a stopwatch that measures the time of the time provider.</summary>
    /// <returns>The stopwatch.</returns>
    public IStopwatch StartStopwatch() => new TimeProviderStopwatch(_time);

    /// <summary>Returns the number of timed work items that are not yet due, and the evaluator, for logs and debuggers.</summary>
    /// <returns>A description of the scheduler.</returns>
    public override string ToString() => $"{nameof(EvaluatorScheduler)} ({_timed.Count} timed, {_evaluator})";

    /// <summary>Returns a service of the scheduler. Rx uses this method to detect optional features.</summary>
    object? IServiceProvider.GetService(Type serviceType) =>
        serviceType == typeof(ISchedulerPeriodic) || serviceType == typeof(IStopwatchProvider) ? this : null;
}
