using System.Globalization;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "ping": the time of a round trip.</summary>
internal static class PingCommand
{
    internal static async Task<int> RunAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan time = await host.PingAsync(cancellationToken).ConfigureAwait(false);
        double milliseconds = Math.Round(time.TotalMilliseconds, 3);
        ToolConsole console = request.Console;
        console.WriteLine(
            console.IsTerminal
                ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds} ms")
                : JsonText.ObjectOf(writer =>
                {
                    writer.WriteNumber("milliseconds", milliseconds);
                })
        );
        return ToolExit.Success;
    }
}
