using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Signals.Analyzers.CodeFixes;

/// <summary>Finds unused names.</summary>
internal static class Names
{
    /// <summary>Gets the first of several names that is not taken, or else the last one followed by a number.</summary>
    internal static string Free(HashSet<string> taken, params string[] candidates)
    {
        string last = candidates[candidates.Length - 1];
        string? free = candidates.FirstOrDefault(name => !taken.Contains(name));
        for (int number = 2; free is null; number++)
        {
            free = taken.Contains(last + number) ? null : last + number;
        }

        return free;
    }

    /// <summary>Lists the identifiers in a piece of code.</summary>
    internal static HashSet<string> In(SyntaxNode code) =>
        [.. code.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.IdentifierToken)).Select(static token => token.ValueText)];
}
