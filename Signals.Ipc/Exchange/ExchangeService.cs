using Signals.Ipc.Wire;
using Signals.Remote;

namespace Signals.Ipc.Exchange;

/// <summary>The built-in service for remote signals, as signal_exchange.proto describes it.</summary>
internal static class ExchangeService
{
    internal const string Name = "SignalExchange";

    /// <summary>The id of the service. The ids of services of the user begin with one.</summary>
    internal const uint Id = uint.MaxValue - 1;

    // The ids of the methods by which a client exports. Those of the others are the numbers of the operations.
    internal const uint Serve = 8;
    internal const uint Deliver = 9;
    internal const uint Reply = 10;

    /// <summary>The features of remote signals over sockets.</summary>
    internal const RemoteCapabilities Capabilities = RemoteCapabilities.Replay | RemoteCapabilities.Authorize | RemoteCapabilities.Setting;

    /// <summary>The features of a host's imports from all its clients.</summary>
    internal const RemoteCapabilities MergedCapabilities = Capabilities | RemoteCapabilities.ManyExporters;

    /// <summary>The number of bytes of a frame besides a value.</summary>
    private const int FrameOverhead = 256;

    /// <summary>Creates the reply to a client that binds the service.</summary>
    internal static IPCFrame.Types.BindServiceReply CreateBindReply()
    {
        var reply = new IPCFrame.Types.BindServiceReply
        {
            Success = true,
            Control = true,
            ServiceId = Id,
        };
        IEnumerable<(uint Id, string Name)> methods =
        [
            .. Enum.GetValues<RemoteOperation>().Select(static operation => ((uint)operation, operation.ToString())),
            (Serve, nameof(Serve)),
            (Deliver, nameof(Deliver)),
            (Reply, nameof(Reply)),
        ];
        reply.Methods.AddRange(
            methods.Select(static method => new IPCFrame.Types.BindServiceReply.Types.MethodInfo { Id = method.Id, Name = method.Name })
        );
        return reply;
    }

    /// <summary>Reads the ids of the methods from the reply of a host, by the ids here.</summary>
    internal static Dictionary<uint, uint> ReadMethods(IPCFrame.Types.BindServiceReply reply)
    {
        var ids = new Dictionary<uint, uint>();
        foreach (IPCFrame.Types.BindServiceReply.Types.MethodInfo method in reply.Methods)
        {
            uint known =
                Enum.TryParse(method.Name, out RemoteOperation operation) ? (uint)operation
                : method.Name == nameof(Serve) ? Serve
                : method.Name == nameof(Deliver) ? Deliver
                : method.Name == nameof(Reply) ? Reply
                : 0;
            ids[known] = method.Id;
        }

        return ids;
    }

    /// <summary>Returns the size of the largest value that fits into a frame of both sides.</summary>
    /// <param name="own">The size of the largest frame of this side.</param>
    /// <param name="peer">That of the other side, or zero if it did not say.</param>
    internal static int MaxValueBytes(int own, uint peer) => Math.Max(1, (peer == 0 ? own : (int)Math.Min((uint)own, peer)) - FrameOverhead);
}
