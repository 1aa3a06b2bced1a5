using System.Globalization;

namespace Signals.Benchmarks.Remote;

/// <summary>A number of values that an emitter emits.</summary>
/// <param name="Emitter">The name of the emitter.</param>
/// <param name="Count">The number of values, a multiple of the interval.</param>
/// <param name="Window">The maximum number of values that have not been acknowledged.</param>
/// <param name="Interval">The number of values after which the receivers acknowledge.</param>
internal sealed record EmittingRun(string Emitter, int Count, int Window, int Interval)
{
    /// <summary>Gets a value that indicates whether values are emitted one by one, with their time.</summary>
    internal bool IsTimed => Window == 1;

    internal static EmittingRun Parse(string line)
    {
        string[] words = line.Split(' ');
        int[] numbers = [.. words.Skip(1).Select(static word => int.Parse(word, CultureInfo.InvariantCulture))];
        return new EmittingRun(words[0], numbers[0], numbers[1], numbers[2]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Emitter} {Count} {Window} {Interval}");
}
