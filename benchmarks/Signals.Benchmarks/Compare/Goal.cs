using System.Globalization;

namespace Signals.Benchmarks.Compare;

/// <summary>The goal that a row has to reach.</summary>
/// <param name="IsUpperBound">Indicates whether less is better.</param>
/// <param name="Figure">The figure of the document, or null if the best peer of the run determines it.</param>
/// <param name="Scale">The factor from the figure to this machine, or the permitted ratio to the best peer.</param>
internal sealed record Goal(bool IsUpperBound, double? Figure, double Scale)
{
    internal static Goal AtMostBestPeer { get; } = new(true, null, 1);

    /// <summary>Creates a goal that is a multiple of the cost of the best peer.</summary>
    internal static Goal AtMostTimesBestPeer(double times) => new(true, null, times);

    internal static Goal AtLeastBestPeer { get; } = new(false, null, 1);

    internal static Goal AtMost(double figure) => new(true, figure, 1);

    /// <summary>A time that depends on the machine: see <see cref="Baseline"/>.</summary>
    internal static Goal AtMostScaled(double figure, double scale) => new(true, figure, scale);

    internal static Goal AtLeast(double figure) => new(false, figure, 1);

    /// <summary>Returns the bound for this run.</summary>
    internal double Bound(IEnumerable<double> peers) => (Figure ?? (IsUpperBound ? peers.Min() : peers.Max())) * Scale;

    /// <summary>Returns the goal as text.</summary>
    internal string Describe(double bound)
    {
        string sign = IsUpperBound ? "<=" : ">=";
        string here = bound.ToString("0.##", CultureInfo.InvariantCulture);
        string scale = Scale == 1 ? "" : Scale.ToString("0.## ", CultureInfo.InvariantCulture);
        return Figure is not { } figure ? $"{sign} {scale}best {here}"
            : Scale == 1 ? $"{sign} {here}"
            : string.Create(CultureInfo.InvariantCulture, $"{sign} {figure:0.##} ({here} here)");
    }
}
