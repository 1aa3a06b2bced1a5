using Signals;

namespace FolderWatch;

/// <summary>
/// Watches a folder and its content. The operating system reports changes on threads of the thread pool, which emit the signals.
/// Connect deferred slots to run them on another thread.
/// </summary>
internal sealed class FolderWatcher : IDisposable
{
    private readonly Signal<FileChange> _changed = new();
    private readonly Signal _restructured = new();
    private readonly Signal<Exception> _failed = new();
    private readonly FileSystemWatcher _files;
    private readonly FileSystemWatcher _folders;

    internal FolderWatcher(string path)
    {
        _files = Watch(path, NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size);
        _files.Created += OnFile;
        _files.Changed += OnFile;
        _files.Deleted += OnFile;
        _files.Renamed += OnFileRenamed;

        // A separate watcher, because a deleted entry no longer shows whether it was a file or a folder.
        _folders = Watch(path, NotifyFilters.DirectoryName);
        _folders.Created += OnFolder;
        _folders.Deleted += OnFolder;
        _folders.Renamed += OnFolder;
    }

    /// <summary>Gets the signal that is emitted when a file was created, written, renamed or deleted.</summary>
    internal ISignal<FileChange> Changed => _changed;

    /// <summary>Gets the signal that is emitted when a folder was created, deleted or renamed. Its files are not reported.</summary>
    internal ISignal Restructured => _restructured;

    /// <summary>Gets the signal that is emitted when changes have been lost, for instance because the system's buffer was too small.</summary>
    internal ISignal<Exception> Failed => _failed;

    /// <summary>Starts watching.</summary>
    /// <exception cref="IOException">The operating system does not allow another watcher.</exception>
    internal void Start()
    {
        _files.EnableRaisingEvents = true;
        _folders.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _files.Dispose();
        _folders.Dispose();

        // Another thread may still handle a change: emitting a disposed signal does nothing.
        _changed.Dispose();
        _restructured.Dispose();
        _failed.Dispose();
    }

    private FileSystemWatcher Watch(string path, NotifyFilters filter)
    {
        var watcher = new FileSystemWatcher(path) { IncludeSubdirectories = true, NotifyFilter = filter };
        watcher.Error += (_, error) => _failed.Emit(error.GetException());
        return watcher;
    }

    private void OnFile(object sender, FileSystemEventArgs change)
    {
        var file = new FileInfo(change.FullPath);
        if (change.ChangeType == WatcherChangeTypes.Changed && !file.Exists)
        {
            // The entry of a folder, or a file that no longer exists: both are reported separately.
            return;
        }

        _changed.Emit(new FileChange(change.ChangeType, change.Name!, SizeOf(file)));
    }

    private void OnFileRenamed(object sender, RenamedEventArgs change) =>
        _changed.Emit(new FileChange(change.ChangeType, change.Name!, SizeOf(new FileInfo(change.FullPath)), change.OldName));

    private void OnFolder(object sender, FileSystemEventArgs change) => _restructured.Emit();

    /// <summary>Returns the size of a file, which may have been deleted. <see cref="FileInfo"/> reads both values at once.</summary>
    private static long SizeOf(FileInfo file) => file.Exists ? file.Length : 0;
}
