using System.Globalization;

namespace Signals.Benchmarks.Ipc;

/// <summary>The resources that this process holds.</summary>
/// <param name="Descriptors">The number of open file descriptors, except those of the program's own files, which the runtime loads on demand.</param>
/// <param name="Threads">The number of threads, except workers of the thread pool, which the runtime starts and ends as needed.</param>
/// <param name="Bytes">The managed memory in use after a collection.</param>
internal sealed record ProcessFigures(int Descriptors, int Threads, long Bytes)
{
    /// <summary>The bytes that code occupies in the runtime's tables when it first runs. Clients would occupy thousands of times as many.</summary>
    private const long SpareBytes = 64 * 1024;

    /// <summary>The memory that is in use after the buffer pools have released their buffers.</summary>
    private const long QuietBytes = 512 * 1024;

    private const string PoolThread = ".NET TP";

    internal static ProcessFigures Read()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessFigures(
            Directory.GetFileSystemEntries("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget is { } target && !IsProgramFile(target)),
            Directory
                .GetDirectories("/proc/self/task")
                .Count(path => ReadName(path) is { } name && !name.StartsWith(PoolThread, StringComparison.Ordinal)),
            GC.GetTotalMemory(forceFullCollection: true)
        );
    }

    /// <summary>Gets a value that indicates whether the runtime has released its temporary buffers, which would hide later leaks.</summary>
    internal bool IsQuiet => Bytes <= QuietBytes;

    internal bool IsBackAt(ProcessFigures before) => Descriptors <= before.Descriptors && Threads <= before.Threads && Bytes <= before.Bytes + SpareBytes;

    private static bool IsProgramFile(string path) => Path.GetExtension(path) is ".dll" or ".pdb";

    /// <summary>A thread's name, or null if it has ended meanwhile.</summary>
    private static string? ReadName(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Threads} threads, {Bytes / 1024:#,0} KiB of managed memory");
}
