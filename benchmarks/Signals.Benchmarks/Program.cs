using BenchmarkDotNet.Running;
using Signals.Benchmarks.Compare;
using Signals.Benchmarks.Ipc;
using Signals.Benchmarks.Nats;
using Signals.Benchmarks.Remote;
using Signals.Ipc;

namespace Signals.Benchmarks;

internal static class Program
{
    private const int Succeeded = 0;
    private const int Failed = 1;
    private const int BadArguments = 2;
    private const int DefaultSoakSeconds = 120;

    private static readonly string Usage = $"""
        Usage:
          compare signals [part ...]   Prints the table of signals and their peers, with the goals, in less than three minutes.
                                       Parts, to print only these: {string.Join(", ", SignalsComparison.Create().PartNames)}.
          compare properties [part ...] Prints the table of properties and their peers, and checks the numbers of runs in graphs.
                                       Parts: {string.Join(", ", PropertiesComparison.Create().PartNames)}.
          compare ipc [part ...]       Prints the table of calls between two processes and of gRPC, StreamJsonRpc and raw sockets.
                                       Parts: {string.Join(", ", IpcComparison.PartNames)}.
          compare nats                 Prints the table of signals over a NATS server, of NATS.Net and of MQTTnet. It needs nats-server.
          compare remote [part ...]    Prints the table of signals between two processes and of gRPC, StreamJsonRpc and raw sockets.
                                       Parts: {string.Join(", ", RemoteComparison.PartNames)}.
          compare … --charts FOLDER    Also writes the chart signals.svg, properties.svg or ipc.svg.
          bdn [argument ...]           Runs the BenchmarkDotNet classes; the arguments are passed to its runner, for example: --filter '*'
          ipc-host --socket PATH       Offers the Greeter service of samples/Greeter until its input ends.
          ipc-client --socket PATH --calls N --window W [--one-way]
                                       Calls a Greeter, or an echo, N times with W calls in flight; with --one-way, without replies.
          ipc-soak [--seconds N]       Starts and kills clients and hosts for N seconds ({DefaultSoakSeconds} by default), and reports leaks.
          remote-soak [--seconds N]    Imports and exports signals, kills the processes on either side, checks all numbers, and reports leaks.
        """;

    private static async Task<int> Main(string[] arguments)
    {
        try
        {
            return await RunAsync(arguments);
        }
        catch (FormatException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            await Console.Error.WriteLineAsync(Usage);
            return BadArguments;
        }
        catch (IpcException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return Failed;
        }
    }

    private static Task<int> RunAsync(string[] arguments) =>
        arguments switch
        {
            // First, so that a process whose start is measured compiles nothing else.
            [string command, .. string[] rest] when command.StartsWith("ipc-", StringComparison.Ordinal) => RunIpcAsync(command, new Options(rest)),
            [string command, .. string[] rest] when command.StartsWith("remote-", StringComparison.Ordinal) => RunRemoteAsync(command, new Options(rest)),
            ["compare", "nats"] => CompareNatsAsync(),
            ["compare", "remote", .. string[] parts] => CompareRemoteAsync(parts),
            ["compare", string table, .. string[] rest] => Task.FromResult(Compare(table, new Options(rest))),
            ["bdn", .. string[] rest] => Task.FromResult(RunBenchmarks(rest)),
            _ => throw new FormatException("The command does not exist."),
        };

    private static async Task<int> CompareNatsAsync()
    {
        await NatsComparison.RunAsync();
        return Succeeded;
    }

    private static async Task<int> CompareRemoteAsync(string[] parts)
    {
        await RemoteComparison.RunAsync(parts);
        return Succeeded;
    }

    private static int RunBenchmarks(string[] arguments)
    {
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(arguments);
        return Succeeded;
    }

    private static int Compare(string table, Options options)
    {
        string? charts = options.TakeFolder("--charts");
        using PeerSet? peers = table == "ipc" ? new PeerSet() : null;
        Comparison comparison = table switch
        {
            "signals" => SignalsComparison.Create(),
            "properties" => PropertiesComparison.Create(),
            "ipc" => IpcComparison.Create(peers!),
            _ => throw new FormatException("The table does not exist."),
        };
        return comparison.TryRun(options.TakeRest(), charts) ? Succeeded : throw new FormatException("The part does not exist.");
    }

    private static async Task<int> RunIpcAsync(string command, Options options)
    {
        Func<Task<int>> run = Parse(command, options);
        options.RequireEnd();
        return await run();
    }

    private static Task<int> RunRemoteAsync(string command, Options options)
    {
        switch (command)
        {
            case EmittingSide.Command:
                return EmittingSide.RunAsync(options.Take("--folder"));
            case RemoteSoak.Command:
                int seconds = options.TakePositive("--seconds", DefaultSoakSeconds);
                return Soak.RunAsync(TimeSpan.FromSeconds(seconds), static folder => new RemoteSoak(folder));
            case SoakPeers.ExporterCommand:
                return SoakPeers.ExportAsync(options.Take("--socket"));
            case SoakPeers.ImporterCommand:
                return SoakPeers.ImportAsync(options.Take("--socket"));
            default:
                throw new FormatException("The command does not exist.");
        }
    }

    private static Func<Task<int>> Parse(string command, Options options)
    {
        switch (command)
        {
            case IpcCommands.Host:
                string hostSocket = options.Take("--socket");
                return () => IpcCommands.RunHostAsync(hostSocket);
            case IpcCommands.Client:
                string socket = options.Take("--socket");
                int calls = options.TakePositive("--calls");
                int window = options.TakePositive("--window");
                bool isOneWay = options.TakeFlag("--one-way");
                return () => IpcCommands.RunClientAsync(socket, calls, window, isOneWay);
            case IpcCommands.Soak:
                int seconds = options.TakePositive("--seconds", DefaultSoakSeconds);
                return () => Soak.RunAsync(TimeSpan.FromSeconds(seconds), static folder => new IpcSoak(folder));
            case OtherSide.HostCommand:
                string hosted = options.Take("--library");
                string folder = options.Take("--folder");
                return () => OtherSide.RunHostAsync(hosted, folder);
            case OtherSide.ClientCommand:
                string called = options.Take("--library");
                string folderOfHost = options.Take("--folder");
                return () => OtherSide.RunClientAsync(called, folderOfHost);
            default:
                throw new FormatException("The command does not exist.");
        }
    }
}
