using Signals.Ipc.Sockets;

namespace Signals.Ipc.Client;

/// <summary>
/// One watch of a folder for all clients of the process that wait for something in it. A user has few watches (128 on Linux, unless raised), which
/// other programs need as well; so a process takes one for each folder, and <see cref="MaxFolders"/> at most.
/// </summary>
internal sealed class FolderWatch
{
    /// <summary>Number of folders that one process watches at most. Clients of further ones only wait for their next attempt.</summary>
    internal const int MaxFolders = 16;

    private static readonly StringComparer Names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Guards the folders and all fields of the watches. No call of the file system and no callback is made inside it.</summary>
    private static readonly Lock Guard = new();

    /// <summary>The watched folders by their full path.</summary>
    private static readonly Dictionary<string, FolderWatch> Folders = new(Names);

    private readonly string _folder;

    /// <summary>The clients that wait. A new array for each change, so that an event can enumerate the one it found.</summary>
    private Subscription[] _subscriptions = [];

    /// <summary>The operating system's watch, or null while there is none.</summary>
    private FileSystemWatcher? _watcher;

    /// <summary>The folder that the watch of the system is for: another one may come to the path later.</summary>
    private FileIdentity _watched;

    /// <summary>Indicates whether the watched folder no longer exists, or events were lost, so that the system's watch must be made anew.</summary>
    private bool _isStale;

    /// <summary>Completed when the client that makes the watch of the system has done so; null while none does.</summary>
    private TaskCompletionSource? _renewing;

    private FolderWatch(string folder) => _folder = folder;

    /// <summary>Number of folders that the process watches.</summary>
    internal static int Count
    {
        get
        {
            lock (Guard)
            {
                return Folders.Count;
            }
        }
    }

    /// <summary>Watches for a name in a folder.</summary>
    /// <param name="folder">The full path of the folder.</param>
    /// <param name="name">The name of a file or folder in it.</param>
    /// <param name="withAttributes">Whether a change of the attributes counts, too.</param>
    /// <param name="appeared">Called on a thread of the pool when it has appeared or changed.</param>
    /// <returns>An object that ends the watch when it is disposed; <paramref name="appeared"/> may still be called once afterwards.</returns>
    /// <exception cref="IOException">There is no such folder, no watch is left, or the process watches <see cref="MaxFolders"/> folders.</exception>
    /// <exception cref="ArgumentException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not look into the folder.</exception>
    internal static IDisposable Watch(string folder, string name, bool withAttributes, Action appeared)
    {
        Subscription subscription;
        lock (Guard)
        {
            if (!Folders.TryGetValue(folder, out FolderWatch? watch))
            {
                if (Folders.Count == MaxFolders)
                {
                    throw new IOException($"The process watches {MaxFolders} folders already, which is the most that it takes.");
                }

                watch = new FolderWatch(folder);
                Folders.Add(folder, watch);
            }

            subscription = new Subscription(watch, name, withAttributes, appeared);
            watch._subscriptions = [.. watch._subscriptions, subscription];
        }

        bool isWatched = false;
        try
        {
            subscription.Owner.MakeSureOfWatcher();
            isWatched = true;
        }
        finally
        {
            if (!isWatched)
            {
                subscription.Dispose();
            }
        }

        return subscription;
    }

    /// <summary>Makes the watch of the system unless there is one for the folder that is at the path now. One client at a time does so.</summary>
    private void MakeSureOfWatcher()
    {
        while (true)
        {
            Task? other;
            lock (Guard)
            {
                other = _renewing?.Task;
                _renewing ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (other is null)
            {
                Renew();
                return;
            }

            other.Wait();
        }
    }

    /// <summary>Makes the watch of the system, for the client whose turn it is.</summary>
    private void Renew()
    {
        FileSystemWatcher? old = null;
        try
        {
            FileIdentity? current = FileStatus.Of(_folder, follow: true)?.Identity;
            lock (Guard)
            {
                if (_watcher is not null && !_isStale && _watched == current)
                {
                    return;
                }

                old = _watcher;
                _watcher = null;
                _isStale = false;
            }

            // The client whose turn it is waits for this folder, so it is still wanted when the watch has been made.
            FileSystemWatcher made = Create();
            lock (Guard)
            {
                _watched = current ?? default;
                _watcher = made;
            }
        }
        finally
        {
            TaskCompletionSource renewing;
            lock (Guard)
            {
                renewing = _renewing!;
                _renewing = null;
            }

            renewing.SetResult();
            old?.Dispose();
        }
    }

    private FileSystemWatcher Create()
    {
        var watcher = new FileSystemWatcher(_folder)
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes,
        };
        try
        {
            watcher.Created += (_, change) => OnChanged(change.Name, isAttribute: false);
            watcher.Renamed += (_, change) =>
            {
                OnGone(change.OldName);
                OnChanged(change.Name, isAttribute: false);
            };
            watcher.Changed += (_, change) => OnChanged(change.Name, isAttribute: true);
            watcher.Deleted += (_, change) => OnGone(change.Name);
            watcher.Error += (_, _) => OnLost();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
    }

    private void OnChanged(string? name, bool isAttribute)
    {
        if (!isAttribute)
        {
            // What was watched below this name, if anything, is not what is there now.
            OnGone(name);
        }

        foreach (Subscription subscription in Volatile.Read(ref _subscriptions))
        {
            if (Names.Equals(subscription.Name, name) && (!isAttribute || subscription.WithAttributes))
            {
                subscription.Raise();
            }
        }
    }

    /// <summary>Notes that a watched folder is no longer at its path.</summary>
    private void OnGone(string? name)
    {
        if (name is null)
        {
            return;
        }

        string path = Path.Combine(_folder, name);
        lock (Guard)
        {
            if (Folders.TryGetValue(path, out FolderWatch? below))
            {
                below._isStale = true;
            }
        }
    }

    /// <summary>Handles the loss of events, among them perhaps the awaited one.</summary>
    private void OnLost()
    {
        lock (Guard)
        {
            _isStale = true;
        }

        foreach (Subscription subscription in Volatile.Read(ref _subscriptions))
        {
            subscription.Raise();
        }
    }

    private void Remove(Subscription subscription)
    {
        FileSystemWatcher? last = null;
        lock (Guard)
        {
            _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
            if (_subscriptions.Length == 0 && Folders.GetValueOrDefault(_folder) == this)
            {
                Folders.Remove(_folder);
                last = _watcher;
                _watcher = null;
            }
        }

        last?.Dispose();
    }

    /// <summary>A client that waits for a name.</summary>
    private sealed class Subscription(FolderWatch owner, string name, bool withAttributes, Action appeared) : IDisposable, IThreadPoolWorkItem
    {
        internal FolderWatch Owner => owner;

        internal string Name => name;

        internal bool WithAttributes => withAttributes;

        /// <summary>Notifies the client on the thread pool, so that one client does not keep events from the others.</summary>
        internal void Raise() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        public void Execute() => appeared();

        public void Dispose() => owner.Remove(this);
    }
}
