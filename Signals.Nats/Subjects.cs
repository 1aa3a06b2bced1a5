using System.Buffers;
using System.Globalization;

namespace Signals.Nats;

/// <summary>The subjects of an exchange.</summary>
internal sealed class Subjects(string prefix)
{
    private const int MaxPrefixLength = 64;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.");

    /// <summary>Gets the beginning of the subjects of emissions. The name of the export follows it.</summary>
    internal string Values { get; } = $"{prefix}.v.";

    /// <summary>Gets the subject of the heartbeats of exporters.</summary>
    internal string Heartbeats { get; } = $"{prefix}.c.heartbeat";

    /// <summary>Gets the subject on which importers request a heartbeat from all exporters.</summary>
    internal string Hellos { get; } = $"{prefix}.c.hello";

    /// <summary>Returns the subject of the requests to an exporter.</summary>
    internal string RequestsTo(ulong exporter) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.c.exporter.{exporter:x16}");

    /// <summary>Returns the subject of the replies to an importer.</summary>
    internal string RepliesTo(ulong importer) => string.Create(CultureInfo.InvariantCulture, $"{prefix}.c.importer.{importer:x16}");

    /// <summary>Returns the prefix if it is valid; otherwise throws.</summary>
    internal static string CheckPrefix(string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        bool isValid =
            value.Length is > 0 and <= MaxPrefixLength
            && !value.AsSpan().ContainsAnyExcept(Allowed)
            && value[0] != '.'
            && value[^1] != '.'
            && !value.Contains("..", StringComparison.Ordinal);
        return isValid
            ? value
            : throw new ArgumentException(
                $"The prefix must consist of segments of letters, digits, \"_\" and \"-\" that are separated by dots, at most {MaxPrefixLength} characters.",
                parameter
            );
    }
}
