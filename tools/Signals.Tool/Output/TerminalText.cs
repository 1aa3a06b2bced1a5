namespace Signals.Tool.Output;

/// <summary>Texts of hosts for a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Returns a text of one line without control characters, which could control the terminal.</summary>
    internal static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(static character => char.IsControl(character) ? '\uFFFD' : character)) : text;
}
