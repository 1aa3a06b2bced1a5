using Google.Protobuf.Reflection;
using Signals.Ipc.Services;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>A service of a host, with its id.</summary>
internal sealed class ExposedService
{
    private readonly MethodHandler[] _handlers;

    internal ExposedService(uint id, Service service)
    {
        Id = id;
        Descriptor = service.Descriptor;
        Table = service.Table;
        _handlers = service.GetHandlers();
        BindReply = new IPCFrame.Types.BindServiceReply
        {
            Success = true,
            ServiceId = id,
            Control = true,
        };
        BindReply.Methods.AddRange(
            Table.Methods.Select(method => new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = (uint)method.Index + 1, Name = method.Name })
        );
    }

    /// <summary>Gets the id that bound clients use for the service: 1, 2, 3, …</summary>
    internal uint Id { get; }

    internal ServiceDescriptor Descriptor { get; }

    internal MethodTable Table { get; }

    /// <summary>Gets the reply to a client that binds the service. It is never modified.</summary>
    internal IPCFrame.Types.BindServiceReply BindReply { get; }

    /// <summary>Returns the handler of a method, or null if there is no such method.</summary>
    /// <param name="methodId">The method's id on the wire: its index plus one.</param>
    /// <param name="index">The method's index.</param>
    internal MethodHandler? Find(uint methodId, out int index)
    {
        index = (int)(methodId - 1);
        return (uint)index < (uint)_handlers.Length ? _handlers[index] : null;
    }
}
