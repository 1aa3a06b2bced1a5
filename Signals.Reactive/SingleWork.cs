using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>Work that runs once.</summary>
internal sealed class SingleWork<TState>(
    IScheduler scheduler,
    TimedWork timed,
    TState state,
    Func<IScheduler, TState, IDisposable> action
) : ScheduledWork(timed)
{
    private const int Waiting = 0;
    private const int Taken = 1;

    /// <summary>Becomes <see cref="Taken"/> once: by the run, or by the cancellation that comes before it. Whoever does that owns what follows.</summary>
    private int _phase = Waiting;

    private Func<IScheduler, TState, IDisposable>? _action = action;
    private TState _state = state;

    /// <summary>What the action returned: the rest of the work, which is cancelled with it.</summary>
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

    /// <summary>Takes the action, so that nothing is held any more that is not needed.</summary>
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
