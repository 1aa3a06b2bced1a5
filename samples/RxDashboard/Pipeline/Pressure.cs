namespace RxDashboard;

/// <summary>How hard the processors are pressed, and since when.</summary>
/// <param name="Level">The level.</param>
/// <param name="Since">When it was reached, counted from the start.</param>
internal readonly record struct Pressure(PressureLevel Level, TimeSpan Since);
