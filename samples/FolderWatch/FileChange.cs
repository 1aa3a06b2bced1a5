namespace FolderWatch;

/// <summary>One change of one file.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="Name">Its path inside the watched folder.</param>
/// <param name="Size">Its size in bytes when the change was noticed; zero if it had gone by then.</param>
/// <param name="OldName">What it was called before, if it was renamed.</param>
internal readonly record struct FileChange(WatcherChangeTypes Kind, string Name, long Size, string? OldName = null);
