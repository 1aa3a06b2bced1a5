using System.Globalization;

namespace Signals.Benchmarks.Remote;

/// <summary>The cost of a value in the process of the emitter.</summary>
/// <param name="Nanoseconds">The processor time.</param>
/// <param name="Bytes">The allocated bytes.</param>
internal sealed record EmitterCost(double Nanoseconds, double Bytes)
{
    internal static EmitterCost Parse(string line)
    {
        double[] figures = [.. line.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new EmitterCost(figures[0], figures[1]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds} {Bytes}");
}
