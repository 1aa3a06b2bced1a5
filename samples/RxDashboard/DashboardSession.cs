using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;
using Signals;
using Signals.Reactive;

namespace RxDashboard;

/// <summary>Measures a machine and shows the results, on the thread that calls <see cref="Pump"/>.</summary>
/// <param name="reader">The reader of the machine's figures.</param>
/// <param name="view">The view that shows the results.</param>
/// <param name="clock">The time provider.</param>
internal sealed class DashboardSession(IMachineReader reader, IDashboardView view, TimeProvider clock) : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly MachineMonitor _machine = new(reader, clock);
    private readonly CompositeDisposable _subscriptions = [];

    /// <summary>The totals of the run, once the pipeline has completed.</summary>
    private Totals _totals = Totals.None;

    /// <summary>Runs on the calling thread until it is stopped, or until <paramref name="duration"/> has elapsed.</summary>
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

    /// <summary>Starts measuring the machine.</summary>
    /// <param name="duration">The time after which <paramref name="end"/> is called, or null for never.</param>
    /// <param name="end">The action, which <see cref="Pump"/> calls.</param>
    internal void Start(TimeSpan? duration, Action end)
    {
        // The evaluator is the scheduler of all operators: it queues their timed work like the invocations of deferred slots.
        EvaluatorScheduler scheduler = _evaluator.ToScheduler(clock);
        var pipeline = new DashboardPipeline(_machine, scheduler);
        _subscriptions.Add(pipeline);
        _subscriptions.Add(view.Subscribe(pipeline));
        _subscriptions.Add(pipeline.Totals.Subscribe(totals => _totals = totals));

        // Pump throws the exceptions of pool threads, on this thread.
        _machine.Failed.ConnectDeferred(_evaluator, ExceptionDispatchInfo.Throw);

        pipeline.Connect();
        _machine.Start(DashboardPipeline.LookPeriod);
        if (duration is { } time)
        {
            // A little later, so that the last measurement is still shown.
            _subscriptions.Add(scheduler.Schedule(time + DashboardPipeline.LookPeriod * 0.75, end));
        }
    }

    /// <summary>Runs the work that is due.</summary>
    /// <returns>The number of work items that were run.</returns>
    internal int Pump() => _evaluator.EvaluateDeferredConnections();

    /// <summary>Stops measuring. The machine's signals complete, and the pipeline then completes with the totals.</summary>
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

    /// <summary>Blocks instead of awaiting, because a console program has no synchronization context that returns to this thread.</summary>
    private void WaitForWork(CancellationToken stop)
    {
        try
        {
            _evaluator.WaitForInvocationsAsync(stop).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The session was stopped: results that are already queued are still shown.
        }
    }
}
