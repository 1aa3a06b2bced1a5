namespace Greeter;

/// <summary>
/// Writes a line of text for each event. The lines are colored on a terminal, but not in a file or a pipe, and not if the user has disabled
/// colors (https://no-color.org).
/// </summary>
internal sealed class Narrator(TextWriter output, bool isColored)
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Magenta = "\e[35m";
    private const string Cyan = "\e[36m";

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

    /// <summary>Writes an action of the client.</summary>
    internal void Client(string text) => Write(Cyan, $"  client  {text}");

    /// <summary>Writes an action or a signal of the host.</summary>
    internal void Host(string text) => Write(Magenta, $"  host    {text}");

    /// <summary>Writes a reply that the client has received.</summary>
    internal void Reply(string text) => Write(Green, $"  reply   {text}");

    /// <summary>Writes a signal of the client or of its proxy.</summary>
    internal void Signal(string name, string text) => Write(Yellow, $"  signal  {name}: {text}");

    /// <summary>Writes a failure.</summary>
    internal void Failure(string text) => Write(Red, $"  failed  {text}");

    private void Write(string color, string line)
    {
        lock (_line)
        {
            output.WriteLine(isColored ? color + line + Reset : line);
        }
    }
}
