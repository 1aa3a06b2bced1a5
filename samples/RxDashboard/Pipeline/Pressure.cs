namespace RxDashboard;

/// <summary>The level of load on the processors, and the time at which it was reached.</summary>
/// <param name="Level">The level.</param>
/// <param name="Since">The time at which it was reached, counted from the start.</param>
internal readonly record struct Pressure(PressureLevel Level, TimeSpan Since);
