namespace FolderWatch;

/// <summary>Writes a line of text for each event, with the same text in a terminal and in a file.</summary>
internal sealed class Report(TextWriter output, Summary summary)
{
    private int _changesShown;
    private long _largest;

    internal void Beginning(string path) => output.WriteLine($"Watching {path} ({Contents()}). Press Ctrl+C to end.");

    internal void FirstChange(FileChange change) => output.WriteLine($"The first change: {change.Name}");

    internal void Change(FileChange change) =>
        output.WriteLine(
            change.Kind switch
            {
                WatcherChangeTypes.Deleted => $"  deleted  {change.Name}",
                WatcherChangeTypes.Renamed => $"  renamed  {change.OldName} to {change.Name}",
                WatcherChangeTypes.Created => $"  created  {change.Name} ({Count(change.Size, "byte")})",
                _ => $"  changed  {change.Name} ({Count(change.Size, "byte")})",
            }
        );

    /// <summary>Reports a file that is larger than all files that were reported before.</summary>
    internal void Largest(FileChange change)
    {
        if (change.Size > _largest)
        {
            _largest = change.Size;
            output.WriteLine($"  largest  {change.Name} ({Count(change.Size, "byte")})");
        }
    }

    internal void LargestIsOff() => output.WriteLine("The largest file is no longer reported.");

    /// <summary>Writes the summary, if it has changed.</summary>
    internal void Summary()
    {
        if (_changesShown != summary.ChangeCount)
        {
            _changesShown = summary.ChangeCount;
            output.WriteLine($"Now {Contents()}, {Count(summary.ChangesPerSecond, "change")} a second.");
        }
    }

    internal void Failure(Exception failure) => output.WriteLine($"Changes were lost, so the folder is read again: {failure.Message}");

    internal void Totals() => output.WriteLine($"Total: {Count(summary.ChangeCount, "change")} in {summary.Elapsed.TotalSeconds:N1} s, {Contents()}.");

    private string Contents() => $"{Count(summary.FileCount, "file")}, {Count(summary.ByteCount, "byte")}";

    private static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count:N0} {noun}s";
}
