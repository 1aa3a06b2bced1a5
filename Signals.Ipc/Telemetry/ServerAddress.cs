namespace Signals.Ipc.Telemetry;

/// <summary>The endpoint of a host as attributes, which are created once.</summary>
/// <param name="Address">The host of a TCP endpoint, or the text of another one.</param>
/// <param name="Port">The port of a TCP endpoint, or null.</param>
internal sealed record ServerAddress(string Address, object? Port)
{
    internal static ServerAddress Of(IpcEndpoint endpoint) => new(endpoint.Host ?? endpoint.ToString(), endpoint.Port);

    /// <summary>Gets the attributes.</summary>
    internal KeyValuePair<string, object?>[] Attributes =>
        Port is null ? [new(RpcAttributes.ServerAddress, Address)] : [new(RpcAttributes.ServerAddress, Address), new(RpcAttributes.ServerPort, Port)];
}
