using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>A proxy's service on one connection: what the host said its numbers are.</summary>
/// <param name="connection">The connection.</param>
/// <param name="serviceId">The service's number.</param>
/// <param name="methodIds">The methods' numbers, by index; zero for one that the host does not have.</param>
internal sealed class ServiceBinding(ClientConnection connection, uint serviceId, uint[] methodIds)
{
    internal ClientConnection Connection { get; } = connection;

    internal uint ServiceId { get; } = serviceId;

    /// <exception cref="IpcCallException">The host does not have the method.</exception>
    internal uint MethodIdOf(ServiceMethod method)
    {
        uint id = methodIds[method.Index];
        return id != 0 ? id : throw new IpcCallException($"The host's service has no method {method.Name}: it is of another version.");
    }
}
