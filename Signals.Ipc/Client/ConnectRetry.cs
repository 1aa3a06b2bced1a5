using Microsoft.Extensions.Logging;
using Signals.Ipc.Guards;

namespace Signals.Ipc.Client;

/// <summary>
/// Determines when to try to connect again: after a delay that grows, and when the socket file appears. The members are called by one thread at a
/// time and outside the owner's lock, since they call the time provider, the file system and the logger.
/// </summary>
internal sealed class ConnectRetry : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastStep = TimeSpan.FromSeconds(10);

    private readonly ITimer _timer;
    private readonly ILogger _logger;

    /// <summary>Returns the delay before an attempt, the first of which is number one. User code; null for the default delays.</summary>
    private readonly Func<int, TimeSpan>? _backoff;

    /// <summary>The number of attempts since the delay was reset.</summary>
    private int _attempts;

    /// <summary>Watches for the socket file and its folder. Null if the endpoint has no socket file.</summary>
    private readonly SocketFileWatcher? _watcher;

    /// <summary>The delay before the last attempt.</summary>
    private TimeSpan _delay;

    /// <param name="endpoint">The endpoint of the host.</param>
    /// <param name="timeProvider">The source of time.</param>
    /// <param name="logger">The logger of the client.</param>
    /// <param name="backoff">Returns the delay before an attempt, or null for the default delays.</param>
    /// <param name="attempt">Called when the next attempt is due.</param>
    /// <param name="appeared">Called when the socket file has appeared.</param>
    internal ConnectRetry(IpcEndpoint endpoint, TimeProvider timeProvider, ILogger logger, Func<int, TimeSpan>? backoff, Action attempt, Action appeared)
    {
        _logger = logger;
        _backoff = backoff;
        _watcher = endpoint.Path is { } path ? new SocketFileWatcher(path, logger, appeared) : null;
        _timer = timeProvider.CreateTimer(static state => ((Action)state!)(), attempt, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts the delay before the next attempt.</summary>
    internal void Wait()
    {
        _delay = _delay < LastStep ? _delay + Step : Longest;
        _attempts++;
        _timer.Change(_backoff is null ? _delay : AskBackoff(_backoff), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the delay, because an attempt begins.</summary>
    internal void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Ends the delay and the watch, since a connection has been made. Does not reset the delay, because the connection may prove not to be useful.
    /// </summary>
    internal void OnConnected()
    {
        Stop();
        StopWatching();
    }

    /// <summary>Resets the delay after a useful connection: the next one is as short as the first.</summary>
    internal void ResetDelay()
    {
        _delay = TimeSpan.Zero;
        _attempts = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _watcher?.Dispose();
    }

    /// <summary>
    /// Watches for the socket file, as far as possible, and for its folder, which may be deleted and created again. Called before each attempt: a
    /// file that appears just after the attempt is not missed, and the watch of a deleted folder is replaced.
    /// </summary>
    internal void Watch() => _watcher?.Watch();

    private TimeSpan AskBackoff(Func<int, TimeSpan> backoff)
    {
        try
        {
            TimeSpan delay = backoff(_attempts);
            return delay == Timeout.InfiniteTimeSpan ? delay
                : delay < TimeSpan.Zero ? TimeSpan.Zero
                : delay > Duration.Longest ? Duration.Longest
                : delay;
        }
        catch (Exception exception)
        {
            ClientLog.BackoffThrew(_logger, exception);
            return _delay;
        }
    }

    private void StopWatching() => _watcher?.Stop();
}
