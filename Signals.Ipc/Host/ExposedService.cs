using Signals.Ipc.Services;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>A service of a host, with the number that the host gave it.</summary>
internal sealed class ExposedService
{
    private readonly MethodHandler[] _handlers;

    internal ExposedService(uint id, Service service)
    {
        Id = id;
        Table = service.Table;
        _handlers = service.GetHandlers();
        BindReply = new IPCFrame.Types.BindServiceReply { Success = true, ServiceId = id };
        BindReply.Methods.AddRange(
            Table.Methods.Select(method => new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = (uint)method.Index + 1, Name = method.Name })
        );
    }

    /// <summary>What clients name it by once they are bound: 1, 2, 3, …</summary>
    internal uint Id { get; }

    internal MethodTable Table { get; }

    /// <summary>What a client gets that binds the service. Never changed.</summary>
    internal IPCFrame.Types.BindServiceReply BindReply { get; }

    /// <summary>Finds what answers a method.</summary>
    /// <param name="methodId">The method's number on the wire: its index and one.</param>
    /// <param name="index">The method's index.</param>
    internal MethodHandler? Find(uint methodId, out int index)
    {
        index = (int)(methodId - 1);
        return (uint)index < (uint)_handlers.Length ? _handlers[index] : null;
    }
}
