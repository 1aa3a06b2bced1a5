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

    /// <summary>Returns a valid name of a type.</summary>
    internal static string CheckTypeName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        return name.Length <= MaxLength ? name : throw new ArgumentException($"The name of the type is longer than {MaxLength} characters.", parameter);
    }

    /// <summary>Returns the description of a circle of exports, which begins and ends with the same one.</summary>
    internal static string DescribeCircle(IEnumerable<string> nodes) =>
        $"circle: {string.Join(" \u2192 ", nodes.Select(static node => node[(node.IndexOf('/') + 1)..]))}";

    private static string Shortened(string name) => name.Length <= 80 ? name : $"{name.AsSpan(0, 80)}...";
}
