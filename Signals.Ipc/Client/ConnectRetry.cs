using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Says when to try to connect again: after a while that grows, and when the socket file appears. Its members are called by one thread at a time,
/// outside its owner's lock, since they call the time provider, the file system and the log.
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

    /// <summary>Who watch for the socket file and for its folder.</summary>
    private readonly List<FileSystemWatcher> _watchers = [];

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

    /// <summary>There is a connection: nothing has to be waited for. The delay stays, since the connection may turn out to be of no use.</summary>
    internal void OnConnected()
    {
        Stop();
        StopWatching();
    }

    /// <summary>There was a connection of use: the next wait is as short as the first one.</summary>
    internal void ResetDelay() => _delay = TimeSpan.Zero;

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        StopWatching();
    }

    /// <summary>
    /// Watches for the socket file from here on, as far as that can be done, and for its folder, which may go and come back. Before each attempt
    /// anew, so that a file that appears just after it is not missed, and a watch of a folder that has gone is none.
    /// </summary>
    internal void Watch()
    {
        StopWatching();
        if (_endpoint.Path is not { } path)
        {
            return;
        }

        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;

        // A host changes the mode of its socket file, shortly before it listens.
        Watch(folder, Path.GetFileName(full), NotifyFilters.FileName | NotifyFilters.Attributes);
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            Watch(parent, Path.GetFileName(folder), NotifyFilters.DirectoryName);
        }
    }

    private void Watch(string folder, string name, NotifyFilters changes)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder, name) { NotifyFilter = changes };
            watcher.Created += (_, _) => _appeared();
            watcher.Renamed += (_, _) => _appeared();
            watcher.Changed += (_, _) => _appeared();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // There is no such folder yet, or the system has no watches left: then time alone has to do.
            watcher?.Dispose();
            CannotWatch(_logger, Path.Combine(folder, name), exception);
        }
    }

    private void StopWatching()
    {
        _watchers.ForEach(watcher => watcher.Dispose());
        _watchers.Clear();
    }

    [LoggerMessage(10, LogLevel.Debug, "{Path} cannot be watched; the next attempt to connect waits for its time")]
    private static partial void CannotWatch(ILogger logger, string path, Exception exception);
}
