using System.Globalization;
using Signals.Ipc.Wire;
using Signals.Remote.Wire;
using Signals.Tool.Hosts;
using Spectre.Console;

namespace Signals.Tool.Output;

/// <summary>A live table of the clients and signals of a host, on a terminal.</summary>
internal static class TopTable
{
    /// <summary>The maximum number of signals that are shown.</summary>
    private const int MaxSignals = 20;

    /// <summary>Shows the table until reading or waiting throws.</summary>
    /// <param name="console">The console.</param>
    /// <param name="title">The name of the host.</param>
    /// <param name="read">Reads the state of the host.</param>
    /// <param name="wait">Waits for the next refresh.</param>
    internal static async Task ShowAsync(ToolConsole console, string title, Func<Task<HostReport>> read, Func<Task> wait)
    {
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(console.Output) });
        HostReport report = await read().ConfigureAwait(false);
        await terminal
            .Live(Render(title, report))
            .StartAsync(async live =>
            {
                while (true)
                {
                    live.Refresh();
                    await wait().ConfigureAwait(false);
                    live.UpdateTarget(Render(title, await read().ConfigureAwait(false)));
                }
            })
            .ConfigureAwait(false);
    }

    private static Rows Render(string title, HostReport report)
    {
        HostStatus status = report.Status;
        var clients = new Table { Border = TableBorder.Simple };
        clients.AddColumns("client", "process", "user", "calls", "unsent", "state", "methods");
        foreach (ClientStatus client in report.Clients)
        {
            string process = client.HasProcessId ? Text($"{client.ProcessId}") : "?";
            clients.AddRow(
                Cell($"{client.Id}"),
                Cell(client.HasMachineName ? $"{process} on {client.MachineName}" : process),
                Cell(client.HasUserId ? Text($"{client.UserId}") : "?"),
                Cell($"{client.ActiveCalls}"),
                Cell($"{client.UnsentBytes}"),
                Cell(client.IsPaused ? "paused" : ""),
                Cell(string.Join(", ", client.Methods.Select(static method => method.Count == 1 ? method.Name : $"{method.Name} ×{method.Count}")))
            );
        }

        var signals = new Table { Border = TableBorder.Simple };
        signals.AddColumns("signal", "type");
        foreach (ExportInfo signal in report.Signals.Take(MaxSignals))
        {
            signals.AddRow(Cell(signal.Name), Cell(signal.Type));
        }

        if (report.Signals.Count > MaxSignals)
        {
            signals.AddRow(Cell($"and {report.Signals.Count - MaxSignals} more"), Cell(""));
        }

        string summary = Text(
            $"{title}: {report.Clients.Count} clients, {report.Clients.Sum(static client => client.ActiveCalls)} calls, {report.Signals.Count} signals, {status.RefusedClients} refused clients, {status.DroppedFrames} dropped frames"
        );
        return new Rows(Cell(summary), clients, signals);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Text Cell(string text) => new(TerminalText.Of(text));
}
