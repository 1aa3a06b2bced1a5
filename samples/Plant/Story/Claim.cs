using System.Diagnostics.CodeAnalysis;

namespace Plant.Story;

/// <summary>Checks that what the story tells has happened.</summary>
internal static class Claim
{
    /// <exception cref="InvalidOperationException">It has not.</exception>
    internal static void That([DoesNotReturnIf(false)] bool isTrue, string otherwise)
    {
        if (!isTrue)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
