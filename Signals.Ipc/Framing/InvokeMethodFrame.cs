using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>A call to be sent.</summary>
internal readonly struct InvokeMethodFrame(ulong requestId, uint serviceId, uint methodId, IMessage arguments, bool dropReply) : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize()
    {
        int body = BodySize(arguments.CalculateSize());
        return ReceiveBuffer.PrefixSize + WireWriter.SizeOfNumber(requestId) + WireWriter.SizeOfBytes(body);
    }

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        int argumentsSize = arguments.CalculateSize();
        var writer = new WireWriter(destination);
        writer.WritePrefix(destination.Length - ReceiveBuffer.PrefixSize);
        writer.WriteField(IPCFrame.RequestIdFieldNumber, requestId);
        writer.WriteHeader(IPCFrame.MsgInvokeMethodFieldNumber, BodySize(argumentsSize));
        writer.WriteField(IPCFrame.Types.InvokeMethod.ServiceIdFieldNumber, serviceId);
        writer.WriteField(IPCFrame.Types.InvokeMethod.MethodIdFieldNumber, methodId);
        writer.WriteField(IPCFrame.Types.InvokeMethod.ArgsProtoFieldNumber, arguments, argumentsSize);
        if (dropReply)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethod.DropReplyFieldNumber, 1);
        }
    }

    private int BodySize(int argumentsSize) =>
        WireWriter.SizeOfNumber(serviceId)
        + WireWriter.SizeOfNumber(methodId)
        + WireWriter.SizeOfBytes(argumentsSize)
        + (dropReply ? WireWriter.SizeOfNumber(1UL) : 0);
}
