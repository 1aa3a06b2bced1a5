namespace Signals.Benchmarks;

/// <summary>The figures of the rounds. Disturbed rounds count only if there are too few others.</summary>
internal sealed class Samples
{
    private const int Fewest = 3;

    private readonly List<double> _undisturbed = [];
    private readonly List<double> _disturbed = [];

    /// <summary>Gets the number of undisturbed rounds.</summary>
    internal int Undisturbed => _undisturbed.Count;

    /// <summary>Gets the median.</summary>
    internal double Median
    {
        get
        {
            double[] sorted = [.. (_undisturbed.Count >= Fewest ? _undisturbed : [.. _undisturbed, .. _disturbed]).Order()];
            int middle = sorted.Length / 2;
            return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    internal void Add(double sample, bool undisturbed) => (undisturbed ? _undisturbed : _disturbed).Add(sample);
}
