using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace RxDashboard;

/// <summary>The request that the user makes on the command line.</summary>
/// <param name="Duration">The time after which the program ends, or null for no limit.</param>
/// <param name="Help">Indicates whether the user asks for help.</param>
internal sealed record CommandLine(TimeSpan? Duration = null, bool Help = false)
{
    internal const string Usage = """
        Usage:
          RxDashboard [--seconds N]

        Shows the CPU, the memory and this program's own garbage collection, live in a terminal and as a line a second in a file or a pipe.

          --seconds N  ends after N seconds, from 1 to 86400; without it Ctrl+C ends
          --help       shows this
        """;

    private const string SecondsOption = "--seconds";
    private const int MostSeconds = 86_400;

    /// <summary>Reads the arguments. Returns false, and the problem, if they are not valid.</summary>
    internal static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? commandLine, out string problem)
    {
        commandLine = null;
        problem = "";
        var parsed = new CommandLine();
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    parsed = parsed with { Help = true };
                    break;
                case SecondsOption when i + 1 == arguments.Length:
                    problem = $"{SecondsOption} needs a number.";
                    return false;
                case SecondsOption:
                    string number = arguments[++i];
                    if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) || seconds is < 1 or > MostSeconds)
                    {
                        problem = $"{SecondsOption} must be a whole number from 1 to {MostSeconds}, not \"{number}\".";
                        return false;
                    }

                    parsed = parsed with { Duration = TimeSpan.FromSeconds(seconds) };
                    break;
                default:
                    problem = $"There is no option {arguments[i]}.";
                    return false;
            }
        }

        commandLine = parsed;
        return true;
    }
}
