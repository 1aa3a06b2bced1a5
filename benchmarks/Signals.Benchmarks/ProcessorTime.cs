using System.Diagnostics;

namespace Signals.Benchmarks;

/// <summary>Tells whether this process had the processors it needed: what it measured while others had them says nothing.</summary>
internal readonly struct ProcessorTime
{
    /// <summary>A little goes to interrupts always.</summary>
    private const double Enough = 0.95;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly TimeSpan _used = Environment.CpuUsage.TotalTime;

    public ProcessorTime() { }

    /// <summary>Returns whether so many threads have been able to run all the time since this was made.</summary>
    internal bool WasEnoughFor(int threads) => (Environment.CpuUsage.TotalTime - _used) / Stopwatch.GetElapsedTime(_start) >= threads * Enough;
}
