using System.Diagnostics.CodeAnalysis;

namespace Sheet;

/// <summary>The request that the user makes on the command line.</summary>
internal sealed record CommandLine
{
    internal const string Usage = $"""
        Usage:
          Sheet                            plays a short session and ends
          Sheet --edit [FILES]             edits a sheet in the terminal
          Sheet --script FILE [FILES]      runs the lines of a file
          Sheet FILES                      shows a sheet

          --load FILE  starts with the cells of a CSV file
          --save FILE  writes the cells to a CSV file at the end
          --help       shows this

        Commands of scripts and of the editor:
        {SheetSession.Help}
        """;

    internal bool IsHelp { get; private set; }

    internal bool IsEditing { get; private set; }

    internal string? Script { get; private set; }

    internal string? Load { get; private set; }

    internal string? Save { get; private set; }

    /// <summary>Reads the arguments. Returns false, and the problem, if they are not valid.</summary>
    internal static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? commandLine, out string problem)
    {
        commandLine = null;
        problem = "";
        var parsed = new CommandLine();
        for (int i = 0; i < arguments.Length; i++)
        {
            string option = arguments[i];
            switch (option)
            {
                case "--help" or "-h":
                    parsed.IsHelp = true;
                    continue;
                case "--edit":
                    parsed.IsEditing = true;
                    continue;
                case not ("--script" or "--load" or "--save"):
                    problem = $"There is no option {option}.";
                    return false;
            }

            if (++i == arguments.Length)
            {
                problem = $"{option} needs a file.";
                return false;
            }

            parsed.Script = option == "--script" ? arguments[i] : parsed.Script;
            parsed.Load = option == "--load" ? arguments[i] : parsed.Load;
            parsed.Save = option == "--save" ? arguments[i] : parsed.Save;
        }

        commandLine = parsed;
        return true;
    }
}
