using System.Diagnostics;

namespace Signals.Benchmarks;

/// <summary>Detects whether other processes used the processors during a measurement, which makes its result unusable.</summary>
internal readonly struct ProcessorTime
{
    /// <summary>The permitted loss, since interrupts always take some time.</summary>
    private const double Enough = 0.95;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _used = Environment.CpuUsage.TotalTime;

    public ProcessorTime() { }

    /// <summary>Returns whether the specified number of threads could run at all times since the creation of this object.</summary>
    internal bool WasEnoughFor(int threads) => (Environment.CpuUsage.TotalTime - _used) / Stopwatch.GetElapsedTime(_start) >= threads * Enough;
}
