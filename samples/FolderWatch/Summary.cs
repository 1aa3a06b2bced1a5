namespace FolderWatch;

/// <summary>
/// Content of the folder and number of changes. Needs no lock, because only slots that are deferred on one evaluator use it.
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

    /// <summary>The timestamps at which the changes of the last second were detected.</summary>
    private readonly Queue<long> _recent = new();

    /// <summary>Gets the number of files.</summary>
    internal int FileCount => _sizeOfFile.Count;

    /// <summary>Gets the total size of the files, in bytes.</summary>
    internal long ByteCount { get; private set; }

    /// <summary>Gets the number of changes so far.</summary>
    internal int ChangeCount { get; private set; }

    /// <summary>Gets the time since this object was created.</summary>
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

    /// <summary>Updates the summary with a change.</summary>
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

    /// <summary>Reads the whole folder: at the beginning, and whenever changes may have been missed.</summary>
    internal void Rescan()
    {
        _sizeOfFile.Clear();
        ByteCount = 0;
        foreach (FileInfo file in new DirectoryInfo(path).EnumerateFiles("*", Everything))
        {
            // A file may be deleted after it was listed and before its size is read.
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
