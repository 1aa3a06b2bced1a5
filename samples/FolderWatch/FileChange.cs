namespace FolderWatch;

/// <summary>One change of one file.</summary>
/// <param name="Kind">The kind of the change.</param>
/// <param name="Name">The path of the file inside the watched folder.</param>
/// <param name="Size">The size of the file in bytes when the change was detected, or zero if the file no longer existed.</param>
/// <param name="OldName">The previous path of the file, if it was renamed.</param>
internal readonly record struct FileChange(WatcherChangeTypes Kind, string Name, long Size, string? OldName = null);
