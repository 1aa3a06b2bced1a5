using System.Diagnostics.CodeAnalysis;

namespace Greeter;

/// <summary>The request that the user makes on the command line.</summary>
/// <param name="Command">"story", "host" or "client".</param>
/// <param name="Socket">The endpoint of the host.</param>
/// <param name="Name">The name to greet.</param>
/// <param name="Retry">Indicates whether the client waits for a host, and connects again after a loss.</param>
/// <param name="StopsWithInput">Indicates whether the host stops when its standard input ends: the story's host does not outlive the story.</param>
internal sealed record CommandLine(string Command, string Socket = "", string Name = "", bool Retry = false, bool StopsWithInput = false)
{
    internal const string Story = "story";
    internal const string Host = "host";
    internal const string Client = "client";

    internal const string SocketOption = "--socket";
    internal const string StopsWithInputOption = "--stop-with-input";

    internal const string Usage = """
        Usage:
          Greeter                                            shows the whole story
          Greeter host --socket PATH                         runs a host until Ctrl+C
          Greeter client --socket PATH --name NAME [--retry] talks to a host
        PATH is a socket file, @NAME for an abstract socket, or HOST:PORT.
        """;

    /// <summary>Reads the arguments. Returns false, and the problem, if they are not valid.</summary>
    internal static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? commandLine, out string problem)
    {
        commandLine = null;
        problem = "";
        if (arguments is [])
        {
            commandLine = new CommandLine(Story);
            return true;
        }

        var parsed = new CommandLine(arguments[0]);
        if (parsed.Command is not (Host or Client))
        {
            problem = $"There is no command {parsed.Command}.";
            return false;
        }

        for (int i = 1; i < arguments.Length; i++)
        {
            string option = arguments[i];
            switch (option)
            {
                case "--retry" when parsed.Command == Client:
                    parsed = parsed with { Retry = true };
                    break;
                case StopsWithInputOption when parsed.Command == Host:
                    parsed = parsed with { StopsWithInput = true };
                    break;
                case SocketOption or "--name" when i + 1 == arguments.Length:
                    problem = $"{option} needs a value.";
                    return false;
                case SocketOption:
                    parsed = parsed with { Socket = arguments[++i] };
                    break;
                case "--name" when parsed.Command == Client:
                    parsed = parsed with { Name = arguments[++i] };
                    break;
                default:
                    problem = $"The command {parsed.Command} has no option {option}.";
                    return false;
            }
        }

        problem = parsed switch
        {
            { Socket: "" } => $"{SocketOption} is missing.",
            { Command: Client, Name: "" } => "--name is missing.",
            _ => "",
        };
        commandLine = problem == "" ? parsed : null;
        return commandLine is not null;
    }
}
