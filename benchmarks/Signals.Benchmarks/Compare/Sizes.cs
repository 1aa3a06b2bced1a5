using System.Globalization;

namespace Signals.Benchmarks.Compare;

/// <summary>The numbers of slots that the document asks for.</summary>
internal static class Sizes
{
    internal static IReadOnlyList<int> Several { get; } = [10, 1_000, 10_000];

    internal static string Format(int size) => size.ToString("#,0", CultureInfo.InvariantCulture);
}
