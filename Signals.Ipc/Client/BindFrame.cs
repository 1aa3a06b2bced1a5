using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>
/// The request for a proxy's service. It is assigned its request id, and registered with its connection, when it is written.
/// </summary>
internal readonly struct BindFrame(ClientConnection connection, PendingBinding binding) : IOutgoingFrame
{
    private readonly IPCFrame _message = Message(binding.Proxy);

    /// <summary>Returns the maximum number of bytes that the request for a proxy's service takes.</summary>
    internal static int MaxSizeOf(ServiceProxy proxy)
    {
        IPCFrame message = Message(proxy);
        message.RequestId = ulong.MaxValue;
        return new MessageFrame(message).CalculateSize();
    }

    /// <inheritdoc/>
    public int CalculateSize()
    {
        _message.RequestId = connection.Calls.NextRequestId;
        return new MessageFrame(_message).CalculateSize();
    }

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        connection.AddBinding(_message.RequestId, binding);
        new MessageFrame(_message).WriteTo(destination);
        connection.Calls.AdvanceRequestId();
    }

    private static IPCFrame Message(ServiceProxy proxy) =>
        new() { MsgBindService = new IPCFrame.Types.BindService { ServiceName = proxy.Methods.ServiceName } };
}
