namespace RxDashboard;

/// <summary>The garbage collections that were detected.</summary>
/// <param name="Counters">The collector's counters after the last collection.</param>
/// <param name="LastPause">The pause of the last collection, or the average if there were several since the previous measurement.</param>
internal readonly record struct CollectionLog(GcCounters Counters, TimeSpan LastPause)
{
    /// <summary>Returns the log after further collections.</summary>
    internal CollectionLog Next(GcCounters counters)
    {
        int further = counters.Collections - Counters.Collections;
        return new CollectionLog(counters, further <= 0 ? TimeSpan.Zero : (counters.Pause - Counters.Pause) / further);
    }
}
