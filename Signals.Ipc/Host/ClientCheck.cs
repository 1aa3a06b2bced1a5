using Microsoft.Extensions.Logging;
using Signals.Ipc.Transport;

namespace Signals.Ipc.Host;

/// <summary>
/// Runs the authorization checks of connecting clients concurrently, each within the time limit. A check that blocks delays no other client and
/// occupies no thread of the thread pool.
/// </summary>
internal sealed class ClientCheck(IpcHostOptions options, ILogger log) : IDisposable
{
    /// <summary>
    /// The maximum number of checks that run at the same time on threads of their own. Further clients wait, within their time limit.
    /// </summary>
    private const int MaxThreads = 64;

    private readonly SemaphoreSlim _threads = new(MaxThreads);

    /// <summary>Cancelled when the host stops.</summary>
    private readonly CancellationTokenSource _stopped = new();

    /// <summary>Gets a value that indicates whether the host has an authorization check.</summary>
    internal bool IsNeeded => options.Authorize is not null || options.AuthorizeAsync is not null;

    /// <summary>Returns the identity of a client that has been accepted. Exceptions of its transport are passed on.</summary>
    /// <exception cref="TimeoutException">A handshake took too long.</exception>
    /// <exception cref="OperationCanceledException">The host stopped during the handshake.</exception>
    internal async ValueTask<ClientInfo> IdentifyAsync(IpcTransport transport, long id)
    {
        ValueTask<PeerIdentity?> identifying = transport.IdentifyPeerAsync(_stopped.Token);
        PeerIdentity? peer = identifying.IsCompleted
            ? await identifying.ConfigureAwait(false)
            : await identifying.AsTask().WaitAsync(options.AuthorizeTimeout, options.Time, _stopped.Token).ConfigureAwait(false);
        return peer is null
            ? new ClientInfo(id)
            : new ClientInfo(id)
            {
                ProcessId = peer.ProcessId,
                UserId = peer.UserId,
                GroupId = peer.GroupId,
                Name = peer.Name,
                IsVerified = true,
            };
    }

    /// <summary>Returns a value that indicates whether a client may connect. Exceptions of a check are passed on.</summary>
    /// <exception cref="TimeoutException">The checks took too long.</exception>
    /// <exception cref="OperationCanceledException">The host stopped during the check.</exception>
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
                throw new TimeoutException($"The authorization check took longer than {options.AuthorizeTimeout}.", exception);
            }

            throw;
        }
    }

    /// <summary>
    /// Stops waiting for all checks, so that their clients are refused. Does not dispose the fields, which running checks may still use.
    /// </summary>
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
            return await Task
                .Factory.StartNew(check, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
        finally
        {
            _threads.Release();
        }
    }

    /// <summary>Cancels a check whose result is no longer needed.</summary>
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

    /// <summary>Logs the exception of a check that is no longer waited for, unless it is the cancellation.</summary>
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
            // The check was canceled.
        }
    }
}
