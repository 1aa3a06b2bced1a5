using System.Text.RegularExpressions;

namespace Signals.Tests.Product.Docs;

/// <summary>Finds the links of a page that lead to other files of the repository.</summary>
internal static partial class DocumentationLinks
{
    internal static IEnumerable<string> In(IEnumerable<string> lines) =>
        lines
            .SelectMany(line => Link().Matches(line))
            .Select(match => match.Groups["target"].Value.Split('#')[0])
            .Where(target => target.Length != 0 && !target.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();
}
