using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>The binding of a proxy's service on one connection, with the ids that the host assigned.</summary>
/// <param name="connection">The connection.</param>
/// <param name="serviceId">The id of the service.</param>
/// <param name="methodIds">The ids of the methods, by index. Zero for a method that the host does not have.</param>
internal sealed class ServiceBinding(ClientConnection connection, uint serviceId, uint[] methodIds)
{
    internal ClientConnection Connection { get; } = connection;

    /// <summary>Gets the calls of the connection.</summary>
    internal ClientCalls Calls { get; } = connection.Calls;

    internal uint ServiceId { get; } = serviceId;

    /// <summary>Returns the id of a method on the wire.</summary>
    /// <exception cref="IpcCallException">The host does not have the method.</exception>
    internal uint MethodIdOf(ServiceMethod method)
    {
        uint id = methodIds[method.Index];
        return id != 0
            ? id
            : throw new IpcCallException(
                IpcStatusCode.Unimplemented,
                "",
                $"The host's service does not have the method {method.FullName}. The host has another version of the service."
            );
    }
}
