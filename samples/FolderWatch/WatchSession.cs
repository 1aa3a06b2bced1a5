using Signals;

namespace FolderWatch;

/// <summary>Watches a folder and reports its changes until the session is stopped.</summary>
/// <param name="path">The folder.</param>
/// <param name="largestFor">The duration for which the largest file is reported.</param>
/// <param name="clock">The time provider.</param>
/// <param name="output">The destination of the reports.</param>
internal sealed class WatchSession(string path, TimeSpan largestFor, TimeProvider clock, TextWriter output) : IDisposable
{
    private static readonly TimeSpan SummaryPeriod = TimeSpan.FromMilliseconds(500);

    private readonly ConnectionEvaluator _evaluator = new();
    private readonly FolderWatcher _watcher = new(path);

    private readonly Signal<FileChange> _reported = new();

    /// <summary>Gets the signal that is emitted, on the thread that runs the session, when a change has been reported.</summary>
    internal ISignal<FileChange> Reported => _reported;

    /// <summary>
    /// Runs the session and all slots on the calling thread. Blocks instead of awaiting, because a console program has no
    /// synchronization context that returns to its main thread.
    /// </summary>
    internal void Run(CancellationToken stop)
    {
        var summary = new Summary(path, clock);
        var report = new Report(output, summary);
        using var ticker = new Ticker(SummaryPeriod, clock);

        // Deferred on one evaluator, so that all run on this thread, one at a time and in the order of the events.
        _watcher.Changed.ConnectDeferredSingleShot(_evaluator, report.FirstChange);
        _watcher.Changed.ConnectDeferred(_evaluator, summary.Add);
        _watcher.Changed.ConnectDeferred(_evaluator, report.Change);
        _watcher.Failed.ConnectDeferred(_evaluator, report.Failure);

        // One reading is enough, regardless of the number of folders that were changed or changes that were lost.
        _watcher.Restructured.ConnectDeferredLatest(_evaluator, summary.Rescan);
        _watcher.Failed.ConnectDeferredLatest(_evaluator, _ => summary.Rescan());

        using ScopedConnection largest = _watcher.Changed.ConnectDeferred(_evaluator, report.Largest);
        ticker.Ticked.ConnectDeferredLatest(
            _evaluator,
            () =>
            {
                report.Summary();
                if (largest.Handle.IsActive && summary.Elapsed >= largestFor)
                {
                    largest.Dispose();
                    report.LargestIsOff();
                }
            }
        );

        // Connected last, so that subscribers of this session are notified after all other slots.
        _watcher.Changed.ConnectDeferred(_evaluator, _reported.Emit);

        // Watching starts first: changes during the reading are queued, and applying a change that was already read does no harm.
        _watcher.Start();
        summary.Rescan();
        report.Beginning(path);
        Pump(stop);
        report.Totals();
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _evaluator.Dispose();
        _reported.Dispose();
    }

    private void Pump(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _evaluator.WaitForInvocationsAsync(stop).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException)
            {
                // The session was stopped: changes that are already queued still count.
            }

            _evaluator.EvaluateDeferredConnections();
        }
    }
}
