namespace Greeter;

/// <summary>
/// Says in lines of text what happens. The lines are coloured on a terminal, and only there: not in a file or a pipe, and not where the user
/// has asked for no colours (https://no-color.org).
/// </summary>
internal sealed class Narrator(TextWriter output, bool isColoured)
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Magenta = "\e[35m";
    private const string Cyan = "\e[36m";

    /// <summary>Two processes and several threads say something; each line stays whole.</summary>
    private readonly Lock _line = new();

    internal static Narrator OnConsole() =>
        new(
            Console.Out,
            !Console.IsOutputRedirected
                && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
                && Environment.GetEnvironmentVariable("TERM") != "dumb"
        );

    /// <summary>A part of the story begins.</summary>
    internal void Heading(string text) => Write(Bold, Environment.NewLine + text);

    /// <summary>The client does something.</summary>
    internal void Client(string text) => Write(Cyan, $"  client  {text}");

    /// <summary>The host does something.</summary>
    internal void Host(string text) => Write(Magenta, $"  host    {text}");

    /// <summary>An answer came.</summary>
    internal void Answer(string text) => Write(Green, $"  answer  {text}");

    /// <summary>A signal of the client's side fires.</summary>
    internal void Signal(string name, string text) => Write(Yellow, $"  signal  {name}: {text}");

    /// <summary>Something failed.</summary>
    internal void Failure(string text) => Write(Red, $"  failed  {text}");

    private void Write(string colour, string line)
    {
        lock (_line)
        {
            output.WriteLine(isColoured ? colour + line + Reset : line);
        }
    }
}
