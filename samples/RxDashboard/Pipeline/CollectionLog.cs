namespace RxDashboard;

/// <summary>The garbage collections that were noticed.</summary>
/// <param name="Counters">The collector's counters when one last was.</param>
/// <param name="LastPause">For how long it stopped the process; on average, if there were several since the one before.</param>
internal readonly record struct CollectionLog(GcCounters Counters, TimeSpan LastPause)
{
    /// <summary>Takes further collections into account.</summary>
    internal CollectionLog Next(GcCounters counters)
    {
        int further = counters.Collections - Counters.Collections;
        return new CollectionLog(counters, further <= 0 ? TimeSpan.Zero : (counters.Pause - Counters.Pause) / further);
    }
}
