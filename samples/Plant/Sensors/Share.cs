namespace Plant.Sensors;

/// <summary>Turns two totals that grow into the share that one has in the growth of the other, in percent.</summary>
internal sealed class Share
{
    private double _part;
    private double _whole;

    internal double Of(double part, double whole)
    {
        double share = whole > _whole ? Math.Clamp(100 * (part - _part) / (whole - _whole), 0, 100) : 0;
        (_part, _whole) = (part, whole);
        return share;
    }
}
