namespace RxDashboard;

/// <summary>Defines the loads at which the levels begin.</summary>
internal static class PressureLevels
{
    private const double BusyFrom = 0.6;
    private const double SaturatedFrom = 0.9;

    /// <summary>Returns the level of a load from 0 to 1.</summary>
    internal static PressureLevel Of(double load) =>
        load switch
        {
            >= SaturatedFrom => PressureLevel.Saturated,
            >= BusyFrom => PressureLevel.Busy,
            _ => PressureLevel.Calm,
        };
}
