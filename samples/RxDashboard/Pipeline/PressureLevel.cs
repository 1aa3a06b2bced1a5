namespace RxDashboard;

/// <summary>Levels of load.</summary>
internal enum PressureLevel
{
    /// <summary>No level has lasted long enough yet.</summary>
    Unsettled,
    Calm,
    Busy,
    Saturated,
}
