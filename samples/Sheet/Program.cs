using System.Text;
using Sheet.Model;
using Sheet.Views;
using Spectre.Console;

namespace Sheet;

internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Misuse = 2;

    private static int Main(string[] arguments)
    {
        if (!CommandLine.TryParse(arguments, out CommandLine? commandLine, out string problem))
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(CommandLine.Usage);
            return Misuse;
        }

        if (commandLine.IsHelp)
        {
            Console.WriteLine(CommandLine.Usage);
            return Success;
        }

        bool isTerminal = !Console.IsOutputRedirected && !Console.IsInputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        if (commandLine.IsEditing && !isTerminal)
        {
            Console.Error.WriteLine("--edit needs a terminal.");
            return Misuse;
        }

        try
        {
            Run(commandLine, isTerminal);
            return Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine($"Failed: {exception.Message}");
            return Failure;
        }
    }

    private static void Run(CommandLine commandLine, bool isTerminal)
    {
        ISheetView view = isTerminal ? CreateTerminalView(commandLine.IsEditing) : new TextView(Console.Out);
        using var machine = new Machine();
        using var sheet = new Spreadsheet(machine);
        using var session = new SheetSession(sheet, view);
        if (commandLine.Load is { } load)
        {
            session.Load(load);
        }

        if (commandLine.IsEditing)
        {
            new Editor(session).Run(TimeProvider.System);
        }
        else if (commandLine.Script is { } script)
        {
            RunLines(session, File.ReadAllLines(script));
        }
        else if (commandLine.Load is null)
        {
            RunLines(session, Story.Script.ReplaceLineEndings("\n").Split('\n'));
        }
        else
        {
            session.Show();
        }

        if (commandLine.Save is { } save)
        {
            session.Save(save);
        }
    }

    private static void RunLines(SheetSession session, string[] lines)
    {
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                session.Run(lines[i]);
            }
            catch (FormatException exception)
            {
                throw new FormatException($"Line {i + 1}: {exception.Message}", exception);
            }
        }
    }

    private static TerminalView CreateTerminalView(bool isCleared)
    {
        // The borders of the table need characters that the code page of an old console does not contain.
        Console.OutputEncoding = Encoding.UTF8;
        return new TerminalView(AnsiConsole.Console, isCleared);
    }
}
