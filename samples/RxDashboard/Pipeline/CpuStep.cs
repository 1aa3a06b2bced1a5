namespace RxDashboard;

/// <summary>The processors' load between two measurements.</summary>
/// <param name="Times">The counters of the second measurement.</param>
/// <param name="Load">The part of the time in which the processors were busy, from 0 to 1.</param>
internal readonly record struct CpuStep(CpuTimes Times, double Load)
{
    /// <summary>Returns the step to the next measurement.</summary>
    internal CpuStep Next(CpuTimes times)
    {
        long total = times.Total - Times.Total;

        // Two measurements within one tick of the kernel's clock show no difference. Also, the kernel sometimes corrects waiting times downwards.
        return total <= 0 ? this : new CpuStep(times, Math.Clamp((double)(times.Busy - Times.Busy) / total, 0, 1));
    }
}
