namespace RxDashboard;

/// <summary>The processors' load between two looks.</summary>
/// <param name="Times">The counters at the second look.</param>
/// <param name="Load">The part of the time in which they were busy, from 0 to 1.</param>
internal readonly record struct CpuStep(CpuTimes Times, double Load)
{
    /// <summary>Goes on to the next look.</summary>
    internal CpuStep Next(CpuTimes times)
    {
        long total = times.Total - Times.Total;

        // Two looks within one tick of the kernel's clock: nothing new is known. And the kernel takes some waiting time back now and then.
        return total <= 0 ? this : new CpuStep(times, Math.Clamp((double)(times.Busy - Times.Busy) / total, 0, 1));
    }
}
