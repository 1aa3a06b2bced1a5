using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Determines when to try to connect again: after a delay that grows, and when the socket file appears. Its members are called by one thread at a
/// time, outside its owner's lock, since they call the time provider, the file system and the log.
/// </summary>
internal sealed class ConnectRetry : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastStep = TimeSpan.FromSeconds(10);

    private readonly ITimer _timer;

    /// <summary>Watches for the socket file and for its folder, or null if there is none.</summary>
    private readonly SocketFileWatcher? _watcher;

    /// <summary>How long the wait before the last attempt was.</summary>
    private TimeSpan _delay;

    /// <param name="endpoint">Where to connect.</param>
    /// <param name="timeProvider">The time.</param>
    /// <param name="logger">The log.</param>
    /// <param name="attempt">Called when the time has come.</param>
    /// <param name="appeared">Called when the socket file has appeared.</param>
    internal ConnectRetry(IpcEndpoint endpoint, TimeProvider timeProvider, ILogger logger, Action attempt, Action appeared)
    {
        _watcher = endpoint.Path is { } path ? new SocketFileWatcher(path, logger, appeared) : null;
        _timer = timeProvider.CreateTimer(static state => ((Action)state!)(), attempt, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for the next attempt.</summary>
    internal void Wait()
    {
        _delay = _delay < LastStep ? _delay + Step : Longest;
        _timer.Change(_delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>An attempt is being made: there is nothing to wait for.</summary>
    internal void Stop() => _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Ends the waiting, since a connection has been made. The delay stays, since the connection may turn out not to be useful.</summary>
    internal void OnConnected()
    {
        Stop();
        StopWatching();
    }

    /// <summary>Resets the delay after a useful connection: the next wait is as short as the first one.</summary>
    internal void ResetDelay() => _delay = TimeSpan.Zero;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _watcher?.Dispose();
    }

    /// <summary>
    /// Watches for the socket file from here on, as far as that can be done, and for its folder, which may go and come back. Before each attempt
    /// anew, so that a file that appears just after it is not missed, and a watch of a folder that has gone is none.
    /// </summary>
    internal void Watch() => _watcher?.Watch();

    private void StopWatching() => _watcher?.Stop();
}
