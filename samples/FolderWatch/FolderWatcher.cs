using Signals;

namespace FolderWatch;

/// <summary>
/// Watches a folder and all that is in it. The operating system's notices come on threads of the pool, and the signals are emitted
/// there; who wants them elsewhere connects deferred.
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

        // A watcher of its own: of something deleted, nobody can tell any more whether it was a file or a folder.
        _folders = Watch(path, NotifyFilters.DirectoryName);
        _folders.Created += OnFolder;
        _folders.Deleted += OnFolder;
        _folders.Renamed += OnFolder;
    }

    /// <summary>A file was created, written, renamed or deleted.</summary>
    internal ISignal<FileChange> Changed => _changed;

    /// <summary>A folder came, went or was renamed. What is in it is not reported file by file.</summary>
    internal ISignal Restructured => _restructured;

    /// <summary>The watching failed. Changes have been lost: the operating system's buffer was too small, for instance.</summary>
    internal ISignal<Exception> Failed => _failed;

    /// <summary>Begins to watch.</summary>
    /// <exception cref="IOException">The operating system has no room for another watcher.</exception>
    internal void Start()
    {
        _files.EnableRaisingEvents = true;
        _folders.EnableRaisingEvents = true;
    }

    public void Dispose()
    {
        _files.Dispose();
        _folders.Dispose();

        // A notice may still be under way on another thread: emitting a disposed signal does nothing.
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
            // A folder's own entry, or a file that has gone since: both are reported in their own right.
            return;
        }

        _changed.Emit(new FileChange(change.ChangeType, change.Name!, SizeOf(file)));
    }

    private void OnFileRenamed(object sender, RenamedEventArgs change) =>
        _changed.Emit(new FileChange(change.ChangeType, change.Name!, SizeOf(new FileInfo(change.FullPath)), change.OldName));

    private void OnFolder(object sender, FileSystemEventArgs change) => _restructured.Emit();

    /// <summary>The size of a file that may be gone. <see cref="FileInfo"/> looks once, so what exists keeps its length.</summary>
    private static long SizeOf(FileInfo file) => file.Exists ? file.Length : 0;
}
