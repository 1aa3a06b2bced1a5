using System.Runtime.CompilerServices;

namespace Signals.Systematic.Support;

/// <summary>States what must be true in every schedule.</summary>
internal static class Check
{
    internal static void That(bool condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        if (!condition)
        {
            throw new ScenarioFailedException($"False in this schedule: {what}");
        }
    }

    /// <summary>Fails unless a sequence is one of those that are allowed.</summary>
    internal static void IsOneOf(IEnumerable<int> actual, params int[][] allowed)
    {
        if (!allowed.Any(actual.SequenceEqual))
        {
            throw new ScenarioFailedException(
                $"[{string.Join(", ", actual)}] is none of {string.Join(" or ", allowed.Select(one => $"[{string.Join(", ", one)}]"))}."
            );
        }
    }
}
