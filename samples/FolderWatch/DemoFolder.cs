namespace FolderWatch;

/// <summary>A temporary folder whose files change. Disposing the object deletes the folder.</summary>
internal sealed class DemoFolder(TimeProvider clock) : IDisposable
{
    /// <summary>The name of the last file, which is created after all other changes.</summary>
    internal const string LastFile = "the-end.txt";

    private const int Steps = 20;

    /// <summary>Duration for which files are written.</summary>
    internal static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    internal string Path { get; } = Directory.CreateTempSubdirectory("FolderWatch-").FullName;

    /// <summary>Creates, writes, renames and deletes files.</summary>
    internal async Task WriteFilesAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Duration / Steps, clock);
        for (int step = 1; step <= Steps; step++)
        {
            await timer.WaitForNextTickAsync(stop);
            string file = InFolder($"note-{step:00}.txt");
            await File.WriteAllTextAsync(file, new string('.', 100 * step), stop);
            switch (step % 5)
            {
                case 2:
                    await File.AppendAllTextAsync(file, "and more", stop);
                    break;
                case 3:
                    File.Move(file, InFolder($"letter-{step:00}.txt"));
                    break;
                case 4:
                    File.Delete(file);
                    break;
            }
        }

        // Renamed when it is complete, so that the name is reported after all other changes.
        string draft = InFolder("draft.txt");
        await File.WriteAllTextAsync(draft, "That was all.", stop);
        File.Move(draft, InFolder(LastFile));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string InFolder(string name) => System.IO.Path.Combine(Path, name);
}
