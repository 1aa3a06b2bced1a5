using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Says when to try to connect again: after a while that grows, and when the socket file appears. Guarded by its owner's lock; only
/// <c>attempt</c> is called from elsewhere.
/// </summary>
internal sealed partial class ConnectRetry : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastStep = TimeSpan.FromSeconds(10);

    private readonly IpcEndpoint _endpoint;
    private readonly ILogger _logger;
    private readonly Action _appeared;
    private readonly ITimer _timer;
    private FileSystemWatcher? _watcher;

    /// <summary>How long the wait before the last attempt was.</summary>
    private TimeSpan _delay;

    /// <param name="endpoint">Where to connect.</param>
    /// <param name="timeProvider">The time.</param>
    /// <param name="logger">The log.</param>
    /// <param name="attempt">Called when the time has come.</param>
    /// <param name="appeared">Called when the socket file has appeared.</param>
    internal ConnectRetry(IpcEndpoint endpoint, TimeProvider timeProvider, ILogger logger, Action attempt, Action appeared)
    {
        _endpoint = endpoint;
        _logger = logger;
        _appeared = appeared;
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

    /// <summary>There is a connection: the next wait is as short as the first one, and nobody needs to watch the file.</summary>
    internal void Reset()
    {
        Stop();
        _delay = TimeSpan.Zero;
        _watcher?.Dispose();
        _watcher = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _watcher?.Dispose();
    }

    /// <summary>
    /// Watches for the socket file from here on, if that can be done. Before an attempt, so that a file that appears just after it is not missed.
    /// </summary>
    internal void Watch()
    {
        if (_watcher is not null || _endpoint.Path is not { } path)
        {
            return;
        }

        string full = Path.GetFullPath(path);
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(full)!, Path.GetFileName(full))
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.Attributes,
            };
            watcher.Created += (_, _) => _appeared();
            watcher.Renamed += (_, _) => _appeared();

            // A host changes the mode of its socket file, shortly before it listens.
            watcher.Changed += (_, _) => _appeared();
            watcher.EnableRaisingEvents = true;
            _watcher = watcher;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // There is no such folder yet, or the system has no watches left: then time alone has to do.
            watcher?.Dispose();
            CannotWatch(_logger, full, exception);
        }
    }

    [LoggerMessage(10, LogLevel.Debug, "{Path} cannot be watched; the next attempt to connect waits for its time")]
    private static partial void CannotWatch(ILogger logger, string path, Exception exception);
}
