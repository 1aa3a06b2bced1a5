namespace Plant.Story;

/// <summary>The values of the timer that an importer has seen for a while.</summary>
/// <param name="Numbers">The values that have arrived, and those that were missed.</param>
/// <param name="Rate">The values that arrived each second.</param>
/// <param name="EmitMicroseconds">The median time that an emission took in the sensors, in microseconds.</param>
internal sealed record Observation(NumberedValues Numbers, double Rate, double EmitMicroseconds)
{
    public override string ToString() => $"{Numbers.Arrived} values at {Rate:N0}/s, {Numbers.Missed} missed, {EmitMicroseconds:N1} µs an emission";
}
