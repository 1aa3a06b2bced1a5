namespace Plant.Sensors;

/// <summary>Turns a total that grows into its growth per second since the last measurement, however long ago that was.</summary>
internal sealed class Rate(TimeProvider clock)
{
    private double _total;
    private long? _measured;

    /// <summary>Takes the total at this moment. The first rate is 0.</summary>
    internal double Of(double total)
    {
        long now = clock.GetTimestamp();
        double rate = _measured is { } before && now > before ? Math.Max(0, total - _total) / clock.GetElapsedTime(before, now).TotalSeconds : 0;
        (_total, _measured) = (total, now);
        return rate;
    }
}
