namespace Signals.Ipc.Generators.Protos;

/// <summary>Makes one text of the lines of a comment.</summary>
internal static class ProtoCommentText
{
    private static readonly char[] LineEnds = ['\r', '\u0085', '\u2028', '\u2029'];

    /// <summary>Joins lines, without the space in front of each and without empty lines at the beginning and the end.</summary>
    internal static string Join(IEnumerable<string> lines)
    {
        // A C# comment ends at each of these characters, and what follows would be code.
        IEnumerable<string> whole = lines.SelectMany(line => line.TrimEnd('\r').Split(LineEnds)).Select(WithoutFirstSpace);
        return string.Join("\n", whole).Trim('\n');
    }

    private static string WithoutFirstSpace(string line)
    {
        string trimmed = line.TrimEnd();
        return trimmed.StartsWith(" ", StringComparison.Ordinal) ? trimmed.Substring(1) : trimmed;
    }
}
