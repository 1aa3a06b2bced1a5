using Signals;

namespace FolderWatch;

/// <summary>Watches a folder and reports, until it is told to stop.</summary>
/// <param name="path">The folder.</param>
/// <param name="largestFor">For how long the largest file is mentioned.</param>
/// <param name="clock">What tells the time.</param>
/// <param name="output">Where the reports go.</param>
internal sealed class WatchSession(string path, TimeSpan largestFor, TimeProvider clock, TextWriter output) : IDisposable
{
    private static readonly TimeSpan SummaryPeriod = TimeSpan.FromMilliseconds(500);

    private readonly ConnectionEvaluator _evaluator = new();
    private readonly FolderWatcher _watcher = new(path);

    private readonly Signal<FileChange> _reported = new();

    /// <summary>A change has been reported. Emitted on the thread that runs the session.</summary>
    internal ISignal<FileChange> Reported => _reported;

    /// <summary>
    /// Runs on the calling thread, and runs all slots on it. It blocks instead of awaiting, because a console program has no
    /// synchronisation context that would bring it back to its main thread.
    /// </summary>
    internal void Run(CancellationToken stop)
    {
        var summary = new Summary(path, clock);
        var report = new Report(output, summary);
        using var ticker = new Ticker(SummaryPeriod, clock);

        // Deferred on one evaluator, so they all run on this thread, one at a time and in the order of what happened.
        _watcher.Changed.ConnectDeferredSingleShot(_evaluator, report.FirstChange);
        _watcher.Changed.ConnectDeferred(_evaluator, summary.Add);
        _watcher.Changed.ConnectDeferred(_evaluator, report.Change);
        _watcher.Failed.ConnectDeferred(_evaluator, report.Failure);

        // However many folders come and go meanwhile, and whatever gets lost: looking once is enough.
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

        // Last, so that what listens to this session hears of a change when all others have.
        _watcher.Changed.ConnectDeferred(_evaluator, _reported.Emit);

        // Watching first: what changes while the folder is looked through is queued, and taking it into account twice does no harm.
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
                // Told to stop: what has been queued until now still belongs to the totals.
            }

            _evaluator.EvaluateDeferredConnections();
        }
    }
}
