using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Work that runs once.</summary>
internal sealed class SingleWork<TState>(IScheduler scheduler, TimedWork timed, TState state, Func<IScheduler, TState, IDisposable> action)
    : ScheduledWork(timed)
{
    private const int Waiting = 0;
    private const int Taken = 1;

    /// <summary>
    /// The phase. It becomes <see cref="Taken"/> once, by the run or by a cancellation before it. The thread that changes it owns the
    /// action and the state.
    /// </summary>
    private int _phase = Waiting;

    private Func<IScheduler, TState, IDisposable>? _action = action;
    private TState _state = state;

    /// <summary>The object that the action returned, which represents further work and is disposed when this work is canceled.</summary>
    private SingleAssignmentDisposableValue _rest;

    internal override void Run()
    {
        if (!TryTake(out Func<IScheduler, TState, IDisposable> action, out TState state))
        {
            return;
        }

        _rest.Disposable = action(scheduler, state) ?? Disposable.Empty;
    }

    public override void Dispose()
    {
        if (TryTake(out _, out _))
        {
            StopWaiting();
        }

        _rest.Dispose();
    }

    /// <summary>
    /// Takes the action and the state, so that this object no longer references them. Returns false if they have been taken already.
    /// </summary>
    private bool TryTake(out Func<IScheduler, TState, IDisposable> action, out TState state)
    {
        if (Interlocked.Exchange(ref _phase, Taken) != Waiting)
        {
            action = null!;
            state = default!;
            return false;
        }

        (action, state) = (_action!, _state);
        (_action, _state) = (null, default!);
        return true;
    }
}
