using System.Globalization;

namespace Signals.Benchmarks.Ipc;

/// <summary>The resources that this process holds.</summary>
/// <param name="Descriptors">How many file descriptors are open, those of the program's own files aside: the runtime loads one when it is needed.</param>
/// <param name="Threads">How many threads there are, the workers of the thread pool aside: the runtime starts and ends them as it likes.</param>
/// <param name="Bytes">How much managed memory is in use after a collection.</param>
internal sealed record ProcessFigures(int Descriptors, int Threads, long Bytes)
{
    /// <summary>The bytes that code leaves in the runtime's own tables when it first runs. A client would leave thousands of times as many.</summary>
    private const long SpareBytes = 64 * 1024;

    /// <summary>More is in use as long as the pools of buffers have not given back what they kept.</summary>
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

    /// <summary>Gets a value that indicates whether the runtime has released what it keeps for a while: the rest would hide later leaks.</summary>
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
