namespace Plant;

/// <summary>
/// Writes lines of text. They are colored on a terminal, but not in a file or a pipe, and not if the user has disabled colors (https://no-color.org).
/// </summary>
internal sealed class Narrator(TextWriter output, bool isColored)
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const int SpeakerWidth = 12;

    /// <summary>Held while a line is written, so that lines of several threads are not mixed.</summary>
    private readonly Lock _line = new();

    internal static Narrator OnConsole() =>
        new(
            Console.Out,
            !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb"
        );

    /// <summary>Writes the heading of a part of the story.</summary>
    internal void Heading(string text) => Write(Bold, Environment.NewLine + text);

    /// <summary>Writes a line of the process itself.</summary>
    internal void Say(string text) => Write("", text);

    /// <summary>Writes a line of one of several processes.</summary>
    internal void Say(string speaker, string text) => Write(ColorOf(speaker), $"  {speaker.PadRight(SpeakerWidth)}{text}");

    private static string ColorOf(string speaker) =>
        speaker switch
        {
            "sensors" => "\e[35m",
            "panel" => "\e[36m",
            "slow panel" => "\e[33m",
            "logger" => "\e[32m",
            _ => "",
        };

    private void Write(string color, string line)
    {
        lock (_line)
        {
            output.WriteLine(isColored && color.Length > 0 ? color + line + Reset : line);
        }
    }
}
