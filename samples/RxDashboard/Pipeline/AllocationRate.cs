namespace RxDashboard;

/// <summary>Calculates the rate at which this process allocates.</summary>
internal static class AllocationRate
{
    /// <summary>Returns the bytes per second between the first and the last of several measurements.</summary>
    internal static double Of(IList<(TimeSpan At, GcCounters Counters)> looks)
    {
        double seconds = (looks[^1].At - looks[0].At).TotalSeconds;
        return seconds <= 0 ? 0 : (looks[^1].Counters.AllocatedBytes - looks[0].Counters.AllocatedBytes) / seconds;
    }
}
