using System.Diagnostics;
using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Client;

/// <summary>
/// One watch of a folder, shared by all clients of the process that wait for a name in it. The system limits the watches of a user (128 on Linux by
/// default), and other programs need them as well. Therefore a process uses one for each folder, and <see cref="MaxFolders"/> at most.
/// </summary>
internal sealed class FolderWatch
{
    /// <summary>Maximum number of folders that a process watches. Clients that wait for further folders rely on their retry delays.</summary>
    internal const int MaxFolders = 16;

    private static readonly StringComparer Names =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>Guards the folders and all fields of the watches. Neither the file system nor a callback is called inside it.</summary>
    private static readonly Lock Guard = new();

    /// <summary>The watched folders by their full path.</summary>
    private static readonly Dictionary<string, FolderWatch> Folders = new(Names);

    private readonly string _folder;

    /// <summary>The waiting clients. Each change replaces the array, so that an event can enumerate the one that it read.</summary>
    private Subscription[] _subscriptions = [];

    /// <summary>The operating system's watch, or null while there is none.</summary>
    private FileSystemWatcher? _watcher;

    /// <summary>The identity of the folder that the operating system watches. Another folder may replace it at the path.</summary>
    private FileIdentity _watched;

    /// <summary>
    /// A value that indicates whether the operating system's watch must be replaced, because the folder no longer exists or events were lost.
    /// </summary>
    private bool _isStale;

    /// <summary>Completed when the client that renews the operating system's watch has done so. Null while no client renews it.</summary>
    private TaskCompletionSource? _renewing;

    private FolderWatch(string folder) => _folder = folder;

    /// <summary>Gets the number of folders that the process watches.</summary>
    internal static int Count
    {
        get
        {
            lock (Guard)
            {
                AssertInvariants();
                return Folders.Count;
            }
        }
    }

    /// <summary>Watches for a name in a folder.</summary>
    /// <param name="folder">The full path of the folder.</param>
    /// <param name="name">The name of a file or folder in it.</param>
    /// <param name="withAttributes">A value that indicates whether a change of the attributes is also reported.</param>
    /// <param name="appeared">Called on the thread pool when the name has appeared or its attributes have changed.</param>
    /// <returns>An object that ends the watch when it is disposed; <paramref name="appeared"/> may still be called once afterwards.</returns>
    /// <exception cref="IOException">
    /// The folder does not exist, the system has no watch left, or the process already watches <see cref="MaxFolders"/> folders.
    /// </exception>
    /// <exception cref="ArgumentException">The folder does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The user does not have permission to read the folder.</exception>
    internal static IDisposable Watch(string folder, string name, bool withAttributes, Action appeared)
    {
        Subscription subscription;
        lock (Guard)
        {
            AssertInvariants();
            if (!Folders.TryGetValue(folder, out FolderWatch? watch))
            {
                if (Folders.Count == MaxFolders)
                {
                    throw new IOException($"The process already watches {MaxFolders} folders, which is the limit.");
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
            subscription.Owner.EnsureWatcher();
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

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private static void AssertInvariants()
    {
        Debug.Assert(Guard.IsHeldByCurrentThread);
        Debug.Assert(Folders.Count <= MaxFolders);
        Debug.Assert(Folders.All(static entry => entry.Key == entry.Value._folder), "Each watch is found by its folder.");
        Debug.Assert(Folders.Values.All(static watch => watch._subscriptions.Length != 0), "A folder is watched only for clients that wait.");
    }

    /// <summary>Ensures that the operating system watches the folder that is at the path now. One client at a time renews the watch.</summary>
    private void EnsureWatcher()
    {
        while (true)
        {
            Task? other;
            lock (Guard)
            {
                AssertInvariants();
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

    /// <summary>Renews the operating system's watch. Called by one client at a time.</summary>
    private void Renew()
    {
        FileSystemWatcher? old = null;
        try
        {
            FileIdentity? current = FileStatus.Of(_folder, follow: true)?.Identity;
            lock (Guard)
            {
                AssertInvariants();
                if (_watcher is not null && !_isStale && _watched == current)
                {
                    return;
                }

                old = _watcher;
                _watcher = null;
                _isStale = false;
            }

            // The renewing client is a subscriber of this folder, so the watch is still needed when it has been created.
            FileSystemWatcher made = Create();
            lock (Guard)
            {
                AssertInvariants();
                _watched = current ?? default;
                _watcher = made;
            }
        }
        finally
        {
            TaskCompletionSource renewing;
            lock (Guard)
            {
                AssertInvariants();
                renewing = _renewing!;
                _renewing = null;
            }

            renewing.SetResult();
            old?.Dispose();
        }
    }

    private FileSystemWatcher Create()
    {
        var watcher = new FileSystemWatcher(_folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Attributes };
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
            // A folder that was watched at this path has been replaced.
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

    /// <summary>Marks the watch of a folder that is no longer at its path as stale.</summary>
    private void OnGone(string? name)
    {
        if (name is null)
        {
            return;
        }

        string path = Path.Combine(_folder, name);
        lock (Guard)
        {
            AssertInvariants();
            if (Folders.TryGetValue(path, out FolderWatch? below))
            {
                below._isStale = true;
            }
        }
    }

    /// <summary>Handles the loss of events, which may include the awaited one.</summary>
    private void OnLost()
    {
        lock (Guard)
        {
            AssertInvariants();
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
            AssertInvariants();
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

        /// <summary>Notifies the client on the thread pool, so that a client that blocks does not delay the others.</summary>
        internal void Raise() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

        public void Execute() => appeared();

        public void Dispose() => owner.Remove(this);
    }
}
