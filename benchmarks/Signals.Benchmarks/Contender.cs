using System.Diagnostics;

namespace Signals.Benchmarks;

/// <summary>A contender that is measured in turns with others.</summary>
/// <param name="kind">The kind of peer.</param>
/// <param name="run">Runs the measured operation the specified number of times.</param>
/// <param name="prepare">Prepares the specified number of operations, without being measured.</param>
internal sealed class Contender(PeerKind kind, Action<int> run, Action<int>? prepare = null)
{
    private readonly Samples _nanoseconds = new();
    private readonly Samples _bytes = new();

    internal PeerKind Kind => kind;

    /// <summary>Gets the name of the contender, if its kind is not sufficient.</summary>
    internal string? Label { get; init; }

    /// <summary>Gets a value that indicates whether other threads work for the contender; their allocations count too.</summary>
    internal bool UsesOtherThreads { get; init; }

    /// <summary>Gets the number of operations in one iteration: figures are given for one operation.</summary>
    internal int Operations { get; init; } = 1;

    /// <summary>Gets the maximum number of iterations in a round.</summary>
    internal int MostIterations { get; init; } = int.MaxValue;

    /// <summary>Gets or sets the number of iterations in a round.</summary>
    internal int Iterations { get; set; } = 1;

    /// <summary>Gets the number of rounds that have been measured undisturbed.</summary>
    internal int Rounds => _nanoseconds.Undisturbed;

    /// <summary>The median time of an operation.</summary>
    internal double Nanoseconds => _nanoseconds.Median;

    /// <summary>The median allocation of an operation.</summary>
    internal double Bytes => _bytes.Median;

    /// <summary>Runs a round that is not counted, and returns its duration.</summary>
    internal TimeSpan Try(int iterations)
    {
        prepare?.Invoke(iterations);
        long start = Stopwatch.GetTimestamp();
        run(iterations);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Runs a round and keeps its figures.</summary>
    internal void Measure()
    {
        prepare?.Invoke(Iterations);
        long allocated = AllocatedBytes();
        var processorTime = new ProcessorTime();
        long start = Stopwatch.GetTimestamp();
        run(Iterations);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        bool undisturbed = processorTime.WasEnoughFor(1);
        double operations = (double)Iterations * Operations;
        _bytes.Add((AllocatedBytes() - allocated) / operations, undisturbed);
        _nanoseconds.Add(elapsed.TotalNanoseconds / operations, undisturbed);
    }

    private long AllocatedBytes() => UsesOtherThreads ? GC.GetTotalAllocatedBytes(precise: true) : GC.GetAllocatedBytesForCurrentThread();
}
