using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>Reports when a socket file appears, as far as that can be watched. Its members may be called from any thread.</summary>
internal sealed partial class SocketFileWatcher(string path, ILogger logger, Action appeared) : IDisposable
{
    /// <summary>
    /// Time after which a file that has appeared is reported once more: a host listens a moment after it has made its file, and a client that
    /// connects in between is refused. It is real time, like that of the host.
    /// </summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(100);

    /// <summary>One while the second call is due.</summary>
    private int _isSecondDue;

    /// <summary>Guards what follows. The folders are watched outside it, since that waits for the file system.</summary>
    private readonly Lock _lock = new();

    private List<IDisposable> _watches = [];

    /// <summary>Counts the calls, of which the last one decides.</summary>
    private int _version;

    private bool _isDisposed;

    /// <summary>
    /// Watches for the file from here on, and for its folder, which may go and come back. Called before each attempt to connect anew: what was
    /// watched may have gone meanwhile. Does nothing after the disposal.
    /// </summary>
    internal void Watch()
    {
        int version;
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            version = ++_version;
        }

        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        List<IDisposable> watches = [];

        // A host may change the mode of its socket file, so that this user may connect.
        Add(watches, folder, Path.GetFileName(full), withAttributes: true, OnFileAppeared);
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            Add(watches, parent, Path.GetFileName(folder), withAttributes: false, appeared);
        }

        Replace(watches, version);
    }

    /// <summary>Ends the watching.</summary>
    internal void Stop()
    {
        int version;
        lock (_lock)
        {
            version = ++_version;
        }

        Replace([], version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        Stop();
    }

    private void OnFileAppeared()
    {
        if (Interlocked.Exchange(ref _isSecondDue, 1) == 0)
        {
            _ = TellOnceMoreAsync();
        }

        appeared();
    }

    private async Task TellOnceMoreAsync()
    {
        await Task.Delay(StartTime).ConfigureAwait(false);
        Volatile.Write(ref _isSecondDue, 0);
        bool isWatching;
        lock (_lock)
        {
            isWatching = _watches.Count > 0;
        }

        if (isWatching)
        {
            appeared();
        }
    }

    private void Add(List<IDisposable> watches, string folder, string name, bool withAttributes, Action changed)
    {
        try
        {
            watches.Add(FolderWatch.Watch(folder, name, withAttributes, changed));
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException)
        {
            // There is no such folder yet, or no watches are left: then only the delays apply.
            CannotWatch(logger, Path.Combine(folder, name), exception);
        }
    }

    /// <summary>
    /// Replaces the existing watches with these, unless a later call has come meanwhile. The new ones are there before the old ones go,
    /// so that a folder that is in both is watched all the time.
    /// </summary>
    private void Replace(List<IDisposable> watches, int version)
    {
        lock (_lock)
        {
            if (version == _version)
            {
                (watches, _watches) = (_watches, watches);
            }
        }

        watches.ForEach(watch => watch.Dispose());
    }

    [LoggerMessage(10, LogLevel.Debug, "{Path} cannot be watched; the next attempt to connect waits for its time")]
    private static partial void CannotWatch(ILogger logger, string path, Exception exception);
}
