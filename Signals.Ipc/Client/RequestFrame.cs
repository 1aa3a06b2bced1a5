using Google.Protobuf;
using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Client;

/// <summary>A request of the client itself. It is assigned its request id when it is written.</summary>
/// <param name="connection">The connection, which assigns request ids.</param>
/// <param name="message">The request.</param>
/// <param name="onWritten">Called with the request id before the host can reply.</param>
internal readonly struct RequestFrame(ClientConnection connection, IPCFrame message, Action<ulong> onWritten) : IOutgoingFrame
{
    /// <summary>Creates the request for a service.</summary>
    internal static RequestFrame OfBinding(ClientConnection connection, string serviceName, Action<ulong> onWritten) =>
        new(connection, BindingOf(serviceName), onWritten);

    /// <summary>Returns the maximum number of bytes that the request for a service takes.</summary>
    internal static int MaxSizeOfBinding(string serviceName)
    {
        IPCFrame message = BindingOf(serviceName);
        message.RequestId = ulong.MaxValue;
        return new MessageFrame(message).CalculateSize();
    }

    /// <summary>Creates the request that calls a method of a built-in service.</summary>
    internal static RequestFrame OfCall(
        ClientConnection connection,
        uint serviceId,
        uint methodId,
        ByteString arguments,
        bool dropReply,
        Action<ulong> onWritten
    )
    {
        var invoke = new IPCFrame.Types.InvokeMethod
        {
            ServiceId = serviceId,
            MethodId = methodId,
            ArgsProto = arguments,
        };
        if (dropReply)
        {
            invoke.DropReply = true;
        }

        return new RequestFrame(connection, new IPCFrame { MsgInvokeMethod = invoke }, onWritten);
    }

    /// <inheritdoc/>
    public int CalculateSize()
    {
        message.RequestId = connection.Calls.NextRequestId;
        return new MessageFrame(message).CalculateSize();
    }

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        // Before the host can reply.
        onWritten(message.RequestId);
        new MessageFrame(message).WriteTo(destination);
        connection.Calls.AdvanceRequestId();
    }

    private static IPCFrame BindingOf(string serviceName) => new() { MsgBindService = new IPCFrame.Types.BindService { ServiceName = serviceName } };
}
