namespace RxDashboard;

/// <summary>A value and its history.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Now">The latest value.</param>
/// <param name="Curve">A number for each of the last values; the latest is the last one.</param>
internal sealed record Tracked<T>(T Now, double[] Curve)
{
    /// <summary>The number of values to keep, which exceeds the columns of the widest terminals.</summary>
    private const int Longest = 500;

    /// <summary>Returns the history with a further value.</summary>
    internal Tracked<T> Next(T value, double point) => new(value, [.. Curve.TakeLast(Longest - 1), point]);
}
