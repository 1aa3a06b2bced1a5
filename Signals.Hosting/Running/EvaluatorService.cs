using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Signals.Hosting.Running;

/// <summary>Disposes an evaluator after the services of the application have stopped and the evaluator has run their queued invocations.</summary>
internal sealed class EvaluatorService(ConnectionEvaluator evaluator, ILogger logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits until the queued invocations have run, or the application has no more time to stop, and disposes the evaluator.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (evaluator.IsDisposed)
        {
            return;
        }

        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        evaluator.Post(() => drained.TrySetResult());
        await drained.Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (evaluator.PendingCount is > 0 and var pending)
        {
            HostingLog.NotDrained(logger, pending);
        }

        evaluator.Dispose();
    }
}
