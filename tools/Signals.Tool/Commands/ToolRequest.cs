using Signals.Ipc;
using Signals.Tool.Hosts;
using Signals.Tool.Output;

namespace Signals.Tool.Commands;

/// <summary>The arguments that all commands have.</summary>
internal sealed record ToolRequest
{
    /// <summary>Gets the endpoint of the host.</summary>
    internal required IpcEndpoint Endpoint { get; init; }

    internal required ToolConsole Console { get; init; }

    /// <summary>Gets the time limit of the connection, and of the call, or null.</summary>
    internal TimeSpan? Timeout { get; init; }

    /// <summary>Gets the headers of the call.</summary>
    internal IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets the path of a file that declares services, or null.</summary>
    internal string? ProtoFile { get; init; }

    /// <summary>Gets the options of the call.</summary>
    internal Ipc.CallOptions CallOptions => new() { Timeout = Timeout, Headers = Headers };

    /// <summary>Connects to the host.</summary>
    internal Task<HostSession> ConnectAsync(CancellationToken cancellationToken) => HostSession.ConnectAsync(Endpoint, Timeout, cancellationToken);

    /// <summary>Reads the file that declares services, or returns null if there is none.</summary>
    internal async Task<ServiceCatalog?> ReadFileAsync(CancellationToken cancellationToken) =>
        ProtoFile is null ? null : await Hosts.ProtoFile.ReadAsync(ProtoFile, cancellationToken).ConfigureAwait(false);
}
