using System.Buffers;

namespace Signals.Remote;

/// <summary>Checks names of exports and of types.</summary>
internal static class RemoteNames
{
    internal const int MaxLength = 255;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Determines whether a name consists of segments of letters, digits, "_" and "-", with dots between.</summary>
    internal static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && !name.AsSpan().ContainsAnyExcept(Allowed)
        && name[0] != '.'
        && name[^1] != '.'
        && !name.Contains("..", StringComparison.Ordinal);

    /// <summary>Returns a valid name.</summary>
    internal static string Check(string name, string parameter)
    {
        ArgumentNullException.ThrowIfNull(name, parameter);
        return IsValid(name)
            ? name
            : throw new ArgumentException(
                $"\"{Shortened(name)}\" is not a name of a remote signal: use segments of letters, digits, \"_\" and \"-\" with dots between, at most {MaxLength} characters.",
                parameter
            );
    }

    /// <summary>Determines whether a pattern is a name in which segments are "*", or the last one is ">".</summary>
    internal static bool IsPattern(string pattern) =>
        pattern.Length is > 0 and <= MaxLength
        && IsValid(pattern.Replace('*', '-').Replace('>', '_'))
        && pattern.Split('.') is var segments
        && segments[..^1].All(static segment => segment == "*" || !segment.AsSpan().ContainsAny('*', '>'))
        && (segments[^1] is "*" or ">" || !segments[^1].AsSpan().ContainsAny('*', '>'));

    /// <summary>Returns a valid pattern.</summary>
    internal static string CheckPattern(string pattern, string parameter)
    {
        ArgumentNullException.ThrowIfNull(pattern, parameter);
        return IsPattern(pattern)
            ? pattern
            : throw new ArgumentException(
                $"\"{Shortened(pattern)}\" is not a pattern of names: use \"*\" for one segment, and \">\" for one or more at the end.",
                parameter
            );
    }

    /// <summary>Determines whether a name has the form of a pattern.</summary>
    internal static bool Matches(string pattern, string name)
    {
        string[] expected = pattern.Split('.');
        string[] segments = name.Split('.');
        bool isOpen = expected[^1] == ">";
        return (isOpen ? segments.Length >= expected.Length : segments.Length == expected.Length)
            && expected.Zip(segments).All(static pair => pair.First is "*" or ">" || pair.First == pair.Second);
    }

    /// <summary>Returns a valid name of a type.</summary>
    internal static string CheckTypeName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        return name.Length <= MaxLength ? name : throw new ArgumentException($"The name of the type is longer than {MaxLength} characters.", parameter);
    }

    /// <summary>Returns the beginning of a path, as long as a message may contain. A circle that is longer is found by the number of exchanges.</summary>
    internal static List<string> LimitPath(IEnumerable<string> nodes)
    {
        const int maxLength = 4096;
        List<string> path = [];
        int length = 0;
        foreach (string node in nodes)
        {
            length += node.Length;
            if (path.Count == RemoteExports.MaxPath || length > maxLength)
            {
                break;
            }

            path.Add(node);
        }

        return path;
    }

    /// <summary>Returns the description of a circle of exports, which begins and ends with the same one.</summary>
    internal static string DescribeCircle(IEnumerable<string> nodes) =>
        $"circle: {string.Join(" \u2192 ", nodes.Select(static node => node[(node.IndexOf('/') + 1)..]))}";

    private static string Shortened(string name) => name.Length <= 80 ? name : $"{name.AsSpan(0, 80)}...";
}
