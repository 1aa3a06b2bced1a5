using System.Globalization;

namespace Signals.Benchmarks.Ipc;

/// <summary>What this process holds.</summary>
/// <param name="Descriptors">How many file descriptors are open, those of the program's own files aside: the runtime loads one when it is needed.</param>
/// <param name="Threads">How many threads there are.</param>
/// <param name="Bytes">How much managed memory is in use after a collection.</param>
internal sealed record ProcessFigures(int Descriptors, int Threads, long Bytes)
{
    /// <summary>Threads that the runtime keeps or lets go as it likes: workers of its pool, one for each processor.</summary>
    private static readonly int SpareThreads = Environment.ProcessorCount;

    /// <summary>Buffers that the runtime's pools keep, and code that was compiled anew.</summary>
    private const long SpareBytes = 1024 * 1024;

    internal static ProcessFigures Read()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ProcessFigures(
            Directory.GetFiles("/proc/self/fd").Count(path => new FileInfo(path).LinkTarget is { } target && !IsProgramFile(target)),
            Directory.GetDirectories("/proc/self/task").Length,
            GC.GetTotalMemory(forceFullCollection: true)
        );
    }

    /// <summary>Whether the runtime has let go what it keeps for a while: what it does not would hide what is left behind later.</summary>
    internal bool IsQuiet => ThreadPool.ThreadCount <= SpareThreads && Bytes <= SpareBytes;

    internal bool IsBackAt(ProcessFigures before) =>
        Descriptors <= before.Descriptors && Threads <= before.Threads + SpareThreads && Bytes <= before.Bytes + SpareBytes;

    private static bool IsProgramFile(string path) => Path.GetExtension(path) is ".dll" or ".pdb";

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Descriptors} descriptors, {Threads} threads, {Bytes / 1024:#,0} KiB of managed memory");
}
