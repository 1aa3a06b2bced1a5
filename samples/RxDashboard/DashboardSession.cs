using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;
using Signals;
using Signals.Reactive;

namespace RxDashboard;

/// <summary>Looks at a machine and shows what it sees, on the thread that pumps it.</summary>
/// <param name="reader">What reads the machine.</param>
/// <param name="view">Where it is shown.</param>
/// <param name="clock">What tells the time.</param>
internal sealed class DashboardSession(IMachineReader reader, IDashboardView view, TimeProvider clock) : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly MachineMonitor _machine = new(reader, clock);
    private readonly CompositeDisposable _subscriptions = [];

    /// <summary>The totals of the run, once the pipeline has completed.</summary>
    private Totals _totals = Totals.None;

    /// <summary>Runs on the calling thread until it is told to stop, or until <paramref name="duration"/> is over, if it is given.</summary>
    internal void Run(TimeSpan? duration, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Totals totals = Totals.None;
        view.ShowDuring(() =>
        {
            Start(duration, ended.Cancel);
            while (!ended.IsCancellationRequested)
            {
                WaitForWork(ended.Token);
                Pump();
            }

            totals = Finish();
        });
        view.Close(totals);
    }

    /// <summary>Begins to look at the machine.</summary>
    /// <param name="duration">After how long <paramref name="end"/> is called, if ever.</param>
    /// <param name="end">Called by <see cref="Pump"/>.</param>
    internal void Start(TimeSpan? duration, Action end)
    {
        // The evaluator is the scheduler of all operators: what they do at some later time is queued here like a deferred slot.
        EvaluatorScheduler scheduler = _evaluator.ToScheduler(clock);
        var pipeline = new DashboardPipeline(_machine, scheduler);
        _subscriptions.Add(pipeline);
        _subscriptions.Add(view.Subscribe(pipeline));
        _subscriptions.Add(pipeline.Totals.Subscribe(totals => _totals = totals));

        // What goes wrong on a thread of the pool is thrown by the pump, on this thread.
        _machine.Failed.ConnectDeferred(_evaluator, ExceptionDispatchInfo.Throw);

        pipeline.Connect();
        _machine.Start(DashboardPipeline.LookPeriod);
        if (duration is { } time)
        {
            // A little later, so that what is looked at in the last moment is still shown.
            _subscriptions.Add(scheduler.Schedule(time + DashboardPipeline.LookPeriod * 0.75, end));
        }
    }

    /// <summary>Runs what there is to do by now.</summary>
    /// <returns>How much that was.</returns>
    internal int Pump() => _evaluator.EvaluateDeferredConnections();

    /// <summary>Ends the looking. The machine's signals complete, and with them the pipeline, which then tells the totals.</summary>
    internal Totals Finish()
    {
        _machine.Dispose();
        while (Pump() > 0) { }

        return _totals;
    }

    public void Dispose()
    {
        _subscriptions.Dispose();
        _machine.Dispose();
        _evaluator.Dispose();
    }

    /// <summary>Blocks instead of awaiting, because a console program has no synchronisation context that would bring it back to this thread.</summary>
    private void WaitForWork(CancellationToken stop)
    {
        try
        {
            _evaluator.WaitForInvocationsAsync(stop).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // Told to stop: what is there already is still shown.
        }
    }
}
