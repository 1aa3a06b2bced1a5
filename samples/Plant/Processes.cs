using System.Text;
using Plant.Logger;
using Plant.Panel;
using Plant.Sensors;
using Signals;
using Signals.Ipc;
using Signals.Nats;
using Signals.Remote;
using Spectre.Console;

namespace Plant;

/// <summary>
/// The programs. This is the only class, beside the story, that knows by which exchange signals travel: the sensors have an
/// <see cref="ISignalExporter"/>, and the panel and the logger have an <see cref="ISignalImporter"/>.
/// </summary>
internal static class Processes
{
    /// <summary>The time that a slow screen takes for a value.</summary>
    private static readonly TimeSpan SlowDrawTime = TimeSpan.FromMilliseconds(20);

    internal static Task RunSensorsAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        if (commandLine.Nats is { } url)
        {
            var exchange = new NatsExchange(url);
            return RunSensorsAsync(exchange, url, commandLine, narrator, stop);
        }

        if (commandLine.UsesHub)
        {
            IpcClient client = ConnectClient(commandLine);
            return RunSensorsAsync(client, $"the hub at {commandLine.Socket}", commandLine, narrator, stop);
        }

        return RunSensorsAsHostAsync(commandLine, narrator, stop);
    }

    /// <summary>Relays signals between its clients: each imports what the others export.</summary>
    internal static async Task RunHubAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        await using var host = new IpcHost(new IpcHostOptions { RelaySignals = true });
        Announce(host, narrator);
        narrator.Say($"process {Environment.ProcessId} relays at {host.Start(IpcEndpoint.Parse(commandLine.Socket))}");
        await WaitForEndAsync(commandLine, stop);
    }

    internal static async Task RunPanelAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        (ISignalImporter importer, IAsyncDisposable exchange) = Connect(commandLine);
        await using (exchange)
        {
            await RunPanelAsync(importer, commandLine, narrator, stop);
        }
    }

    internal static async Task RunLoggerAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        (ISignalImporter importer, IAsyncDisposable exchange) = Connect(commandLine);
        await using IAsyncDisposable connected = exchange;
        await using var file = new StreamWriter(commandLine.File) { AutoFlush = true };
        var logger = new CsvLogger(importer, commandLine.Imports, file, TimeProvider.System, narrator.Say);
        await using (logger)
        {
            await await Task.WhenAny(WaitForEndAsync(commandLine, stop), logger.Failed);
        }

        narrator.Say($"has written {logger.RowCount} rows");
    }

    /// <summary>Runs sensors and panel in one process. Nothing is encoded.</summary>
    internal static async Task RunLocallyAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        using var exchange = new LocalExchange();
        using var sensors = new PlantSensors(
            exchange,
            Machine.FindGauges(commandLine.ProcessId, TimeProvider.System),
            TimeProvider.System,
            static _ => { }
        );
        await RunPanelAsync(exchange, commandLine, narrator, stop);
    }

    private static async Task RunPanelAsync(ISignalImporter importer, CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        TimeSpan drawTime = commandLine.IsSlow ? SlowDrawTime : TimeSpan.Zero;
        using var panel = new PanelSession(importer, ChooseView(narrator), commandLine.Page, drawTime, TimeProvider.System);
        PanelInput.Start(panel);
        await panel.RunAsync(stop);
        if (panel.TimerNumbers is { } numbers)
        {
            narrator.Say($"the timer: {numbers}");
        }
    }

    private static async Task RunSensorsAsHostAsync(CommandLine commandLine, Narrator narrator, CancellationToken stop)
    {
        await using var host = new IpcHost();
        Announce(host, narrator);
        using var sensors = new PlantSensors(host, Machine.FindGauges(commandLine.ProcessId, TimeProvider.System), TimeProvider.System, narrator.Say);
        IpcEndpoint endpoint = host.Start(IpcEndpoint.Parse(commandLine.Socket));
        narrator.Say($"process {Environment.ProcessId} exports {sensors.ExportCount} names at {endpoint}");
        await WaitForEndAsync(commandLine, stop);
    }

    private static async Task RunSensorsAsync<TExchange>(
        TExchange exchange,
        string place,
        CommandLine commandLine,
        Narrator narrator,
        CancellationToken stop
    )
        where TExchange : ISignalExporter, IAsyncDisposable
    {
        await using (exchange)
        {
            using var sensors = new PlantSensors(
                exchange,
                Machine.FindGauges(commandLine.ProcessId, TimeProvider.System),
                TimeProvider.System,
                narrator.Say
            );
            narrator.Say($"process {Environment.ProcessId} exports {sensors.ExportCount} names at {place}");
            await WaitForEndAsync(commandLine, stop);
        }
    }

    private static void Announce(IpcHost host, Narrator narrator)
    {
        host.ClientConnected.Connect(client => narrator.Say($"process {client.ProcessId} has connected"));
        host.ClientDisconnected.Connect((client, _) => narrator.Say($"process {client.ProcessId} has disconnected"));
    }

    /// <summary>Creates an importer that waits for the sensors, and reconnects when they have been restarted.</summary>
    private static (ISignalImporter Importer, IAsyncDisposable Exchange) Connect(CommandLine commandLine)
    {
        if (commandLine.Nats is { } url)
        {
            var exchange = new NatsExchange(url);
            return (exchange, exchange);
        }

        IpcClient client = ConnectClient(commandLine);
        return (client, client);
    }

    private static IpcClient ConnectClient(CommandLine commandLine)
    {
        var client = new IpcClient(IpcEndpoint.Parse(commandLine.Socket), new IpcClientOptions { Retry = true, Reconnect = true });
        client.Connect();
        return client;
    }

    private static IPanelView ChooseView(Narrator narrator)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return new LineView(narrator.Say, TimeProvider.System);
        }

        // The borders of the table need characters that the code page of an old console does not contain.
        Console.OutputEncoding = Encoding.UTF8;
        return new TerminalView(AnsiConsole.Console);
    }

    /// <summary>Waits until the process is stopped, or its input ends if it stops with it.</summary>
    private static async Task WaitForEndAsync(CommandLine commandLine, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = stop.Register(stopped.SetResult);

        // On a thread of its own: the asynchronous methods of the console's reader block, too.
        Task inputEnded = commandLine.StopsWithInput ? Task.Run(Console.In.ReadToEnd, CancellationToken.None) : stopped.Task;
        await Task.WhenAny(stopped.Task, inputEnded);
    }
}
