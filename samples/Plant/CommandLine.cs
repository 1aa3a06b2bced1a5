using System.Diagnostics.CodeAnalysis;

namespace Plant;

/// <summary>The request that the user makes on the command line.</summary>
internal sealed record CommandLine
{
    internal const string Story = "story";
    internal const string Sensors = "sensors";
    internal const string Panel = "panel";
    internal const string Logger = "logger";
    internal const string Hub = "hub";

    internal const string LocalOption = "--local";
    internal const string SocketOption = "--socket";
    internal const string NatsOption = "--nats";
    internal const string ThroughHubOption = "--hub";
    internal const string ProcessOption = "--process";
    internal const string PageOption = "--page";
    internal const string SlowOption = "--slow";
    internal const string FileOption = "--file";
    internal const string NamesOption = "--names";
    internal const string StopsWithInputOption = "--stop-with-input";

    internal const string Usage = $"""
        Usage:
          Plant                                         plays a story with several processes, and ends
          Plant sensors [--socket PATH] [--process ID]  exports figures of this machine until Ctrl+C
          Plant panel   [--socket PATH] [--page NAME] [--slow]
                                                        shows them in the terminal
          Plant logger  [--socket PATH] [--file FILE] [--names NAME,NAME]
                                                        writes them to a CSV file until Ctrl+C
          Plant panel --local [--process ID]            sensors and panel in one process, without a socket
          Plant hub     [--socket PATH]                 relays between the others until Ctrl+C: all are clients then, and the
                                                        sensors have the option --hub
        With --nats nats://HOST:PORT instead of --socket, the processes use a NATS server, and can run on several machines.
        PATH is a socket file, @NAME for an abstract socket, or HOST:PORT. The page "timer" shows a signal, the others show properties.
        Names are those of the gauges, and {Names.Lateness}.
        """;

    private static readonly Dictionary<string, string[]> Options = new()
    {
        [Sensors] = [SocketOption, ThroughHubOption, NatsOption, ProcessOption, StopsWithInputOption],
        [Hub] = [SocketOption, StopsWithInputOption],
        [Panel] = [SocketOption, NatsOption, ProcessOption, PageOption, SlowOption, LocalOption],
        [Logger] = [SocketOption, NatsOption, FileOption, NamesOption, StopsWithInputOption],
    };

    internal string Command { get; private set; } = Story;

    internal string Socket { get; private set; } = Path.Combine(Path.GetTempPath(), $"plant-{Names.Segment(Environment.UserName)}.sock");

    /// <summary>Gets the address of the NATS server, or null if sockets are used.</summary>
    internal string? Nats { get; private set; }

    /// <summary>Gets the process that the sensors watch.</summary>
    internal int ProcessId { get; private set; } = Environment.ProcessId;

    internal string Page { get; private set; } = "cpu";

    internal string File { get; private set; } = "plant.csv";

    internal IReadOnlyList<string> Imports { get; private set; } = [Names.CpuLoad, Names.MemoryUsed, Names.Lateness];

    internal bool IsSlow { get; private set; }

    internal bool IsLocal { get; private set; }

    /// <summary>Gets a value that indicates whether the sensors are a client of a hub, instead of a host.</summary>
    internal bool UsesHub { get; private set; }

    /// <summary>Gets a value that indicates whether the process stops when its input ends: the story's processes do not outlive the story.</summary>
    internal bool StopsWithInput { get; private set; }

    /// <summary>Reads the arguments. Returns false, and the problem, if they are not valid.</summary>
    internal static bool TryParse(string[] arguments, [NotNullWhen(true)] out CommandLine? commandLine, out string problem)
    {
        var parsed = new CommandLine();
        problem = arguments is [] ? "" : parsed.Read(arguments);
        commandLine = problem.Length == 0 ? parsed : null;
        return commandLine is not null;
    }

    /// <summary>Reads the arguments. Returns the problem, or nothing.</summary>
    private string Read(string[] arguments)
    {
        Command = arguments[0];
        if (!Options.TryGetValue(Command, out string[]? options))
        {
            return $"There is no command {Command}.";
        }

        for (int i = 1; i < arguments.Length; i++)
        {
            string option = arguments[i];
            if (!options.Contains(option))
            {
                return $"The command {Command} has no option {option}.";
            }

            bool isFlag = option is LocalOption or SlowOption or ThroughHubOption or StopsWithInputOption;
            if (!isFlag && i + 1 == arguments.Length)
            {
                return $"{option} needs a value.";
            }

            string problem = isFlag ? Set(option) : Set(option, arguments[++i]);
            if (problem.Length > 0)
            {
                return problem;
            }
        }

        return "";
    }

    private string Set(string flag)
    {
        IsLocal |= flag == LocalOption;
        IsSlow |= flag == SlowOption;
        UsesHub |= flag == ThroughHubOption;
        StopsWithInput |= flag == StopsWithInputOption;
        return "";
    }

    private string Set(string option, string value)
    {
        switch (option)
        {
            case SocketOption:
                Socket = value;
                return "";
            case NatsOption:
                Nats = value;
                return Uri.TryCreate(value, UriKind.Absolute, out _)
                    ? ""
                    : $"{value} is not the address of a NATS server. Pass one such as nats://localhost:4222.";
            case PageOption:
                Page = value;
                return "";
            case FileOption:
                File = value;
                return "";
            case NamesOption:
                Imports = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                return "";
            default:
                bool isNumber = int.TryParse(value, out int id);
                ProcessId = id;
                return isNumber ? "" : $"{value} is not the id of a process.";
        }
    }
}
