using Google.Protobuf.Reflection;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The command "describe": the methods of services, and on a terminal their messages.</summary>
internal static class DescribeCommand
{
    /// <param name="request">The arguments of all commands.</param>
    /// <param name="service">The name of the only service to describe, or null.</param>
    /// <param name="cancellationToken">The token that is canceled by Ctrl+C.</param>
    internal static async Task<int> RunAsync(ToolRequest request, string? service, CancellationToken cancellationToken)
    {
        ServiceCatalog? file = await request.ReadFileAsync(cancellationToken).ConfigureAwait(false);
        await using HostSession host = await request.ConnectAsync(cancellationToken).ConfigureAwait(false);
        ServiceCatalog catalog = file ?? await host.DescribeAsync(service: null, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ServiceDescriptor> services = service is null ? catalog.Services : [catalog.Find(service)];
        if (file is not null)
        {
            services = await OnlyOfAsync(host, services, isRequired: service is not null, cancellationToken).ConfigureAwait(false);
        }

        if (request.Console.IsTerminal)
        {
            request.Console.WriteLine(ProtoText.Of(services));
        }
        else
        {
            foreach (MethodDescriptor method in services.SelectMany(static described => described.Methods))
            {
                Write(request.Console, method);
            }
        }

        return ToolExit.Success;
    }

    /// <summary>Returns the services of a file that the host has.</summary>
    private static async Task<IReadOnlyList<ServiceDescriptor>> OnlyOfAsync(
        HostSession host,
        IReadOnlyList<ServiceDescriptor> services,
        bool isRequired,
        CancellationToken cancellationToken
    )
    {
        List<ServiceDescriptor> found = [];
        foreach (ServiceDescriptor service in services)
        {
            if (await host.HasAsync(service, cancellationToken).ConfigureAwait(false))
            {
                found.Add(service);
            }
            else if (isRequired)
            {
                throw new ToolException(ToolExit.Failed, $"{nameof(Ipc.IpcStatusCode.Unimplemented)}: The host has no service {service.Name}.");
            }
        }

        return found;
    }

    private static void Write(ToolConsole console, MethodDescriptor method) =>
        console.WriteLine(
            JsonText.ObjectOf(writer =>
            {
                writer.WriteString("service", method.Service.Name);
                writer.WriteString("method", method.Name);
                writer.WriteString("request", method.InputType.FullName);
                writer.WriteString("reply", method.OutputType.FullName);
                writer.WriteBoolean("stream", method.IsServerStreaming);
            })
        );
}
