namespace RxDashboard;

/// <summary>A value and the curve that leads to it.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Now">The latest value.</param>
/// <param name="Curve">A number for each of the last values, the latest last.</param>
internal sealed record Tracked<T>(T Now, double[] Curve)
{
    /// <summary>As many points as the widest terminal has columns, and some more.</summary>
    private const int Longest = 500;

    /// <summary>Goes on to the next value.</summary>
    internal Tracked<T> Next(T value, double point) => new(value, [.. Curve.TakeLast(Longest - 1), point]);
}
