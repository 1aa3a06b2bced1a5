namespace FolderWatch;

/// <summary>
/// The content of the folder, and the number of changes there. Has no lock and needs none: only slots that are deferred on one evaluator use it.
/// </summary>
internal sealed class Summary(string path, TimeProvider clock)
{
    private static readonly TimeSpan Recently = TimeSpan.FromSeconds(1);

    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly long _started = clock.GetTimestamp();
    private readonly Dictionary<string, long> _sizeOfFile = new(StringComparer.Ordinal);

    /// <summary>The timestamps at which the changes of the last second were noticed.</summary>
    private readonly Queue<long> _recent = new();

    /// <summary>Gets the number of files.</summary>
    internal int FileCount => _sizeOfFile.Count;

    /// <summary>Gets the total size of the files, in bytes.</summary>
    internal long ByteCount { get; private set; }

    /// <summary>Gets the number of changes so far.</summary>
    internal int ChangeCount { get; private set; }

    /// <summary>For how long this has been counting.</summary>
    internal TimeSpan Elapsed => clock.GetElapsedTime(_started);

    /// <summary>Gets the number of changes in the last second.</summary>
    internal int ChangesPerSecond
    {
        get
        {
            while (_recent.TryPeek(out long noticed) && clock.GetElapsedTime(noticed) > Recently)
            {
                _recent.Dequeue();
            }

            return _recent.Count;
        }
    }

    /// <summary>Takes a change into account.</summary>
    internal void Add(FileChange change)
    {
        ChangeCount++;
        _recent.Enqueue(clock.GetTimestamp());
        if (change.OldName is { } oldName)
        {
            Forget(oldName);
        }

        if (change.Kind == WatcherChangeTypes.Deleted)
        {
            Forget(change.Name);
        }
        else
        {
            Remember(change.Name, change.Size);
        }
    }

    /// <summary>Looks through the whole folder: at the beginning, and whenever single changes do not tell all.</summary>
    internal void Rescan()
    {
        _sizeOfFile.Clear();
        ByteCount = 0;
        foreach (FileInfo file in new DirectoryInfo(path).EnumerateFiles("*", Everything))
        {
            // A file may go between being listed and being looked at.
            if (file.Exists)
            {
                Remember(Path.GetRelativePath(path, file.FullName), file.Length);
            }
        }
    }

    private void Remember(string name, long size)
    {
        Forget(name);
        _sizeOfFile.Add(name, size);
        ByteCount += size;
    }

    private void Forget(string name)
    {
        if (_sizeOfFile.Remove(name, out long size))
        {
            ByteCount -= size;
        }
    }
}
