using Google.Protobuf;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "graph": the signals and connections of the host's process, as a flow chart for Mermaid.</summary>
internal static class GraphCommand
{
    internal static async Task<int> RunAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        string mermaid = await ReadAsync(host, cancellationToken).ConfigureAwait(false);
        ToolConsole console = request.Console;
        console.WriteLine(
            console.IsTerminal
                ? string.Join('\n', mermaid.TrimEnd().Split('\n').Select(TerminalText.Of))
                : JsonText.ObjectOf(writer =>
                {
                    writer.WriteString("mermaid", mermaid);
                })
        );
        return ToolExit.Success;
    }

    private static async Task<string> ReadAsync(HostSession host, CancellationToken cancellationToken)
    {
        const string noGraph =
            "Unimplemented: The host does not show its signals. Set SignalTrackerSupport in the project of its program, and IpcHostOptions.DescribesItself.";
        using var control = new SignalsControlProxy();
        if (!await host.TryBindAsync(control, cancellationToken).ConfigureAwait(false))
        {
            throw new ToolException(ToolExit.Failed, noGraph);
        }

        try
        {
            byte[] bytes = await MessagePartReader
                .ReadAsync(control.GraphAsync(new ControlEmpty(), host.BuiltIn, cancellationToken), cancellationToken)
                .ConfigureAwait(false);
            return HostGraph.Parser.ParseFrom(bytes).Mermaid;
        }
        catch (IpcCallException exception) when (exception.StatusCode == IpcStatusCode.Unimplemented)
        {
            throw new ToolException(ToolExit.Failed, noGraph);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ToolException(ToolExit.Failed, $"The graph of the host is not valid: {exception.Message}");
        }
    }
}
