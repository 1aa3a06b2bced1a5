using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Signals.Ipc;
using Signals.Tool.Commands;
using Signals.Tool.Output;

namespace Signals.Tool;

/// <summary>The commands of the tool, with their arguments.</summary>
internal sealed class ToolCommands
{
    internal const string Watch = "watch";
    internal const string Top = "top";

    private readonly ToolConsole _console;

    private readonly Option<TimeSpan?> _timeout = new("--timeout")
    {
        Description = "The time limit of the connection and the call, such as 5s or 500ms.",
        HelpName = "TIME",
        Recursive = true,
        CustomParser = ParseTimeout,
    };

    private readonly Option<IReadOnlyDictionary<string, string>> _headers = new("--header")
    {
        Description = "A header of the call. Can be repeated.",
        HelpName = "NAME=VALUE",
        Recursive = true,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = ParseHeaders,
    };

    private readonly Option<string?> _protoFile = new("--proto")
    {
        Description = "A file that declares the services, for a host that does not describe them: a .proto file, or a set of descriptors.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Argument<IpcEndpoint> _endpoint = new("ENDPOINT")
    {
        Description = "The host: the path of a socket file, @NAME for an abstract socket, or HOST:PORT.",
        CustomParser = ParseEndpoint,
    };

    private ToolCommands(ToolConsole console) => _console = console;

    /// <summary>Creates the commands.</summary>
    internal static RootCommand Create(ToolConsole console) => new ToolCommands(console).Create();

    /// <summary>Returns the name of the command that was parsed, with a space behind it, or nothing.</summary>
    internal static string PathOf(ParseResult parsed) => parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";

    private RootCommand Create()
    {
        var root = new RootCommand("Looks into the hosts of Signals.Ipc, and calls their services.") { _timeout, _headers, _protoFile };
        root.Subcommands.Add(
            Command(
                "list",
                "Lists the services of a host with their methods, and its signals.",
                [],
                (request, _, stop) => ListCommand.RunAsync(request, stop)
            )
        );

        var service = new Argument<string?>("SERVICE") { Description = "The only service to describe.", Arity = ArgumentArity.ZeroOrOne };
        root.Subcommands.Add(
            Command(
                "describe",
                "Describes the methods of services; on a terminal, also their messages.",
                [service],
                (request, parsed, stop) => DescribeCommand.RunAsync(request, parsed.GetValue(service), stop)
            )
        );

        var method = new Argument<MethodPath>("SERVICE/METHOD") { Description = "The method.", CustomParser = ParseMethod };
        Argument<string> json = JsonArgument();
        root.Subcommands.Add(
            Command(
                "call",
                "Calls a method with one reply, and writes the reply.",
                [method, json],
                (request, parsed, stop) => CallCommand.RunAsync(request, parsed.GetValue(method)!, parsed.GetValue(json)!, stop)
            )
        );

        var source = new Argument<string>("SERVICE/METHOD or SIGNAL") { Description = "The method that returns a stream, or the signal or property." };
        Argument<string> watchJson = JsonArgument();
        Command watch = Command(
            Watch,
            "Writes the replies of a stream, or the values of a signal, until Ctrl+C.",
            [source, watchJson],
            (request, parsed, stop) =>
                MethodPath.TryParse(parsed.GetValue(source)!, out MethodPath? path)
                    ? WatchCommand.RunAsync(request, path, parsed.GetValue(watchJson)!, stop)
                    : WatchSignalCommand.RunAsync(request, parsed.GetValue(source)!, stop)
        );
        watch.Validators.Add(result =>
        {
            bool isSignal = result.GetResult(source)?.Tokens is [var token] && !token.Value.Contains('/', StringComparison.Ordinal);
            if (isSignal && result.GetResult(watchJson)?.Tokens is [_, ..])
            {
                result.AddError("A signal has no request.");
            }
        });
        root.Subcommands.Add(watch);
        root.Subcommands.Add(Command("ping", "Measures the time of a round trip.", [], (request, _, stop) => PingCommand.RunAsync(request, stop)));
        root.Subcommands.Add(
            Command(
                Top,
                "Shows the clients of a host, their calls, and its signals, each second, until Ctrl+C.",
                [],
                (request, _, stop) => TopCommand.RunAsync(request, stop)
            )
        );
        root.Subcommands.Add(
            Command(
                "graph",
                "Draws the signals and connections of the host's process, as text for Mermaid.",
                [],
                (request, _, stop) => GraphCommand.RunAsync(request, stop)
            )
        );
        return root;
    }

    private Command Command(
        string name,
        string description,
        IReadOnlyList<Argument> arguments,
        Func<ToolRequest, ParseResult, CancellationToken, Task<int>> action
    )
    {
        var command = new Command(name, description) { _endpoint };
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        command.SetAction((parsed, stop) => action(RequestOf(parsed), parsed, stop));
        return command;
    }

    private ToolRequest RequestOf(ParseResult parsed) =>
        new()
        {
            Endpoint = parsed.GetValue(_endpoint),
            Console = _console,
            Timeout = parsed.GetValue(_timeout),
            Headers = parsed.GetValue(_headers) ?? new Dictionary<string, string>(),
            ProtoFile = parsed.GetValue(_protoFile),
        };

    private static Argument<string> JsonArgument() =>
        new("JSON")
        {
            Description = "The request in JSON. The default is an empty message.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = ParseJson,
            DefaultValueFactory = static _ => "{}",
        };

    private static IpcEndpoint ParseEndpoint(ArgumentResult result)
    {
        try
        {
            return IpcEndpoint.Parse(result.Tokens[0].Value);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            result.AddError(exception.Message);
            return default;
        }
    }

    private static MethodPath? ParseMethod(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (!MethodPath.TryParse(text, out MethodPath? path))
        {
            result.AddError($"\"{text}\" is not a service and a method with \"/\" between them.");
        }

        return path;
    }

    private static string ParseJson(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
        }
        catch (JsonException exception)
        {
            result.AddError($"The request is not JSON: {exception.Message}");
        }

        return text;
    }

    private static TimeSpan? ParseTimeout(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        (string number, double unit) =
            text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001)
            : text.EndsWith('s') ? (text[..^1], 1)
            : text.EndsWith('m') ? (text[..^1], 60)
            : (text, 1);
        const double longest = 49 * 24 * 3600;
        if (
            double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            && value * unit is >= 0.001 and < longest
        )
        {
            return TimeSpan.FromSeconds(value * unit);
        }

        result.AddError($"\"{text}\" is not a time such as 5s, 500ms or 2m.");
        return null;
    }

    private static Dictionary<string, string> ParseHeaders(ArgumentResult result)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Token token in result.Tokens)
        {
            int equals = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !headers.TryAdd(token.Value[..equals], token.Value[(equals + 1)..]))
            {
                result.AddError($"\"{token.Value}\" is not a header such as name=value, or the name is set twice.");
            }
        }

        return headers;
    }
}
