using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>Reports when a socket file appears, if it can be watched. All members are thread-safe.</summary>
internal sealed partial class SocketFileWatcher(string path, ILogger logger, Action appeared) : IDisposable
{
    /// <summary>
    /// Time after which a file that has appeared is reported a second time: a host listens a moment after it has created its file, and a client that
    /// connects in between is refused. Measured in real time, since the host is another process.
    /// </summary>
    private static readonly TimeSpan StartTime = TimeSpan.FromMilliseconds(100);

    /// <summary>One while the second report is pending; otherwise, zero.</summary>
    private int _isSecondDue;

    /// <summary>Guards everything below. Folders are watched outside it, since that waits for the file system.</summary>
    private readonly Lock _lock = new();

    private List<IDisposable> _watches = [];

    /// <summary>The version of the last call of <see cref="Watch"/> or <see cref="Stop"/>, whose watches apply.</summary>
    private int _version;

    private bool _isDisposed;

    /// <summary>
    /// Watches for the file, and for its folder, which may be deleted and created again. Called before each attempt to connect, since a watched
    /// folder may have been deleted in the meantime. Does nothing after the disposal.
    /// </summary>
    internal void Watch()
    {
        int version;
        lock (_lock)
        {
            AssertInvariants();
            if (_isDisposed)
            {
                return;
            }

            version = ++_version;
        }

        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        List<IDisposable> watches = [];

        // Attributes are watched because a host may change the mode of its socket file, which then permits this user to connect.
        Add(watches, folder, Path.GetFileName(full), withAttributes: true, OnFileAppeared);
        if (Path.GetDirectoryName(folder) is { } parent)
        {
            Add(watches, parent, Path.GetFileName(folder), withAttributes: false, appeared);
        }

        Replace(watches, version);
    }

    /// <summary>Ends the watches.</summary>
    internal void Stop()
    {
        int version;
        lock (_lock)
        {
            AssertInvariants();
            version = ++_version;
        }

        Replace([], version);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            AssertInvariants();
            _isDisposed = true;
        }

        Stop();
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_version != 0 || _watches.Count == 0, "Nothing is watched before the first call of Watch.");
    }

    private void OnFileAppeared()
    {
        if (Interlocked.Exchange(ref _isSecondDue, 1) == 0)
        {
            _ = ReportAgainAsync();
        }

        appeared();
    }

    private async Task ReportAgainAsync()
    {
        await Task.Delay(StartTime).ConfigureAwait(false);
        Volatile.Write(ref _isSecondDue, 0);
        bool isWatching;
        lock (_lock)
        {
            AssertInvariants();
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
            // The folder does not exist yet, or no watch is left. The client then relies on the retry delays.
            CannotWatch(logger, Path.Combine(folder, name), exception);
        }
    }

    /// <summary>
    /// Replaces the current watches with new ones, unless a later call has been made in the meantime. The new watches exist before the old ones are
    /// disposed, so that a folder that is in both is watched without a gap.
    /// </summary>
    private void Replace(List<IDisposable> watches, int version)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (version == _version)
            {
                (watches, _watches) = (_watches, watches);
            }
        }

        watches.ForEach(watch => watch.Dispose());
    }

    [LoggerMessage(10, LogLevel.Debug, "{Path} cannot be watched; the next attempt to connect waits for the retry delay")]
    private static partial void CannotWatch(ILogger logger, string path, Exception exception);
}
