using Google.Protobuf.Reflection;
using Signals.Ipc.Wire;
using Signals.Remote.Wire;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "list": the services of a host with their methods, and its signals.</summary>
internal static class ListCommand
{
    internal static async Task<int> RunAsync(ToolRequest request, CancellationToken cancellationToken)
    {
        ServiceCatalog? file = await request.ReadFileAsync(cancellationToken).ConfigureAwait(false);
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        HostDescription? description = await host.TryDescribeAsync(service: null, cancellationToken).ConfigureAwait(false);
        foreach (DescribedService service in description?.Services ?? [])
        {
            Write(request.Console, service.Name, service.Methods.Select(static method => (method.Name, method.Request, method.Reply, method.IsStream)));
        }

        if (description is null && file is not null)
        {
            await ListFileAsync(request.Console, file, host, cancellationToken).ConfigureAwait(false);
        }

        foreach (ExportInfo signal in await host.ListSignalsAsync(cancellationToken).ConfigureAwait(false))
        {
            Write(request.Console, signal);
        }

        if (description is null && file is null)
        {
            request.Console.WriteError(HostSession.NoDescription);
            return ToolExit.Failed;
        }

        return ToolExit.Success;
    }

    /// <summary>Lists the services of a file that the host has.</summary>
    private static async Task ListFileAsync(ToolConsole console, ServiceCatalog file, HostSession host, CancellationToken cancellationToken)
    {
        foreach (ServiceDescriptor service in file.Services)
        {
            if (await host.HasAsync(service, cancellationToken).ConfigureAwait(false))
            {
                Write(
                    console,
                    service.Name,
                    service.Methods.Select(static method => (method.Name, method.InputType.FullName, method.OutputType.FullName, method.IsServerStreaming))
                );
            }
        }
    }

    private static void Write(ToolConsole console, string service, IEnumerable<(string Name, string Request, string Reply, bool IsStream)> methods)
    {
        if (console.IsTerminal)
        {
            console.WriteLine(TerminalText.Of(service));
            foreach ((string name, string request, string reply, bool isStream) in methods)
            {
                console.WriteLine(TerminalText.Of($"  {name}({ShortOf(request)}) returns {(isStream ? "stream " : "")}{ShortOf(reply)}"));
            }

            return;
        }

        console.WriteLine(
            JsonText.ObjectOf(writer =>
            {
                writer.WriteString("service", service);
                writer.WriteStartArray("methods");
                foreach ((string name, _, _, _) in methods)
                {
                    writer.WriteStringValue(name);
                }

                writer.WriteEndArray();
            })
        );
    }

    private static void Write(ToolConsole console, ExportInfo signal)
    {
        if (console.IsTerminal)
        {
            console.WriteLine(TerminalText.Of($"{signal.Name}: {(signal.IsProperty ? "property" : "signal")} of {signal.Type}"));
            return;
        }

        console.WriteLine(
            JsonText.ObjectOf(writer =>
            {
                writer.WriteString("signal", signal.Name);
                writer.WriteString("type", signal.Type);
            })
        );
    }

    private static string ShortOf(string fullName) => fullName[(fullName.LastIndexOf('.') + 1)..];
}
