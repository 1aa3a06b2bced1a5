using System.Text.Json;
using Signals.Ipc.Wire;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "top": the clients of a host, their calls, and the host's signals, each second.</summary>
internal static class TopCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    internal static async Task<int> RunAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using HostSession exchange = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        await using SignalList? signals = await SignalList.OpenAsync(exchange, cancellationToken).ConfigureAwait(false);
        using StatusSource status = await StatusSource.OpenAsync(host, cancellationToken).ConfigureAwait(false);
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        async Task<HostReport> ReadAsync() =>
            new(
                await status.ReadAsync(cancellationToken).ConfigureAwait(false),
                signals is null ? [] : await signals.ReadAsync(cancellationToken).ConfigureAwait(false)
            );
        async Task WaitAsync() => await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);

        if (request.Console.IsTerminal)
        {
            await TopTable.ShowAsync(request.Console, $"{request.Endpoint}", ReadAsync, WaitAsync).ConfigureAwait(false);
        }

        while (true)
        {
            Write(request.Console, await ReadAsync().ConfigureAwait(false));
            await WaitAsync().ConfigureAwait(false);
        }
    }

    private static void Write(ToolConsole console, HostReport report) =>
        console.WriteLine(
            JsonText.ObjectOf(writer =>
            {
                writer.WriteStartArray("clients");
                foreach (ClientStatus client in report.Clients)
                {
                    Write(writer, client);
                }

                writer.WriteEndArray();
                writer.WriteNumber("refusedClients", report.Status.RefusedClients);
                writer.WriteNumber("droppedFrames", report.Status.DroppedFrames);
                writer.WriteStartArray("signals");
                foreach (string signal in report.Signals.Select(static signal => signal.Name))
                {
                    writer.WriteStringValue(signal);
                }

                writer.WriteEndArray();
            })
        );

    private static void Write(Utf8JsonWriter writer, ClientStatus client)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", client.Id);
        if (client.HasProcessId)
        {
            writer.WriteNumber("process", client.ProcessId);
        }

        if (client.HasUserId)
        {
            writer.WriteNumber("user", client.UserId);
        }

        if (client.HasMachineName)
        {
            writer.WriteString("machine", client.MachineName);
        }

        writer.WriteNumber("activeCalls", client.ActiveCalls);
        writer.WriteStartObject("methods");
        foreach (ActiveMethod method in client.Methods)
        {
            writer.WriteNumber(method.Name, method.Count);
        }

        writer.WriteEndObject();
        writer.WriteNumber("unsentBytes", client.UnsentBytes);
        writer.WriteBoolean("paused", client.IsPaused);
        writer.WriteEndObject();
    }
}
