using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Host;

/// <summary>
/// Runs the checks of connecting clients beside each other, each within the time limit. A check that blocks keeps neither a thread of the pool nor
/// another client.
/// </summary>
internal sealed class ClientCheck(IpcHostOptions options, ILogger log) : IDisposable
{
    /// <summary>The number of checks that may block a thread of their own at the same time. Clients that come meanwhile wait, within their time.</summary>
    private const int MaxThreads = 64;

    private readonly SemaphoreSlim _threads = new(MaxThreads);

    /// <summary>Cancelled when the host stops.</summary>
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Gets a value that indicates whether there is any check.</summary>
    internal bool IsNeeded => options.Authorize is not null || options.AuthorizeAsync is not null;

    /// <summary>Returns whether a client may connect. Throws what a check threw.</summary>
    /// <exception cref="TimeoutException">The checks took too long.</exception>
    /// <exception cref="OperationCanceledException">The host has stopped meanwhile.</exception>
    internal async Task<bool> IsAllowedAsync(ClientInfo client)
    {
        using var cancellation = new CancellationTokenSource();
        Task<bool> checking = Task.Run(() => CheckAsync(client, cancellation.Token));
        try
        {
            return await checking.WaitAsync(options.AuthorizeTimeout, options.Time, _stopped.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!checking.IsCompleted)
        {
            _ = ReportLaterAsync(client, checking);
            await CancelAsync(client, cancellation).ConfigureAwait(false);
            if (exception is TimeoutException)
            {
                throw new TimeoutException($"The authorization took longer than {options.AuthorizeTimeout}.", exception);
            }

            throw;
        }
    }

    /// <summary>Ends the waiting for all checks: their clients are refused. The checks themselves may still use what this owns.</summary>
    public void Dispose() => _stopped.Cancel();

    private async Task<bool> CheckAsync(ClientInfo client, CancellationToken cancellationToken)
    {
        if (options.Authorize is { } check && !await OnThreadAsync(() => check(client), cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        return options.AuthorizeAsync is not { } checkAsync || await checkAsync(client, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> OnThreadAsync(Func<bool> check, CancellationToken cancellationToken)
    {
        await _threads.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Factory.StartNew(check, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            _threads.Release();
        }
    }

    /// <summary>Tells a check that its result is not needed any more.</summary>
    private async Task CancelAsync(ClientInfo client, CancellationTokenSource cancellation)
    {
        try
        {
            await cancellation.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HostLog.LateCheckThrew(log, exception, client.Id);
        }
    }

    /// <summary>Logs what a check throws that has been given up, unless it only heard of that.</summary>
    private async Task ReportLaterAsync(ClientInfo client, Task checking)
    {
        try
        {
            await checking.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            HostLog.LateCheckThrew(log, exception, client.Id);
        }
        catch (OperationCanceledException)
        {
            // The check ended as it was asked to.
        }
    }
}
