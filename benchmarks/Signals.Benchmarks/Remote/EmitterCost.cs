using System.Globalization;

namespace Signals.Benchmarks.Remote;

/// <summary>The cost of a value in the process of the emitter.</summary>
/// <param name="EmitNanoseconds">The time in which the emitting thread emits it.</param>
/// <param name="ProcessorNanoseconds">The processor time of all threads.</param>
/// <param name="Bytes">The allocated bytes.</param>
internal sealed record EmitterCost(double EmitNanoseconds, double ProcessorNanoseconds, double Bytes)
{
    internal static EmitterCost Parse(string line)
    {
        double[] figures = [.. line.Split(' ').Select(static word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new EmitterCost(figures[0], figures[1], figures[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{EmitNanoseconds} {ProcessorNanoseconds} {Bytes}");
}
