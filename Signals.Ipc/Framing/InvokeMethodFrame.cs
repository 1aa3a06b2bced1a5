using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>A call to be sent.</summary>
internal readonly struct InvokeMethodFrame(ulong requestId, uint serviceId, uint methodId, IMessage arguments, bool dropReply) : IOutgoingFrame
{
    private readonly int _argumentsSize = arguments.CalculateSize();

    private int BodySize =>
        WireWriter.SizeOfNumber(serviceId)
        + WireWriter.SizeOfNumber(methodId)
        + WireWriter.SizeOfBytes(_argumentsSize)
        + (dropReply ? WireWriter.SizeOfNumber(1UL) : 0);

    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize + WireWriter.SizeOfNumber(requestId) + WireWriter.SizeOfBytes(BodySize);

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.WritePrefix(destination.Length - ReceiveBuffer.PrefixSize);
        writer.WriteField(IPCFrame.RequestIdFieldNumber, requestId);
        writer.WriteHeader(IPCFrame.MsgInvokeMethodFieldNumber, BodySize);
        writer.WriteField(IPCFrame.Types.InvokeMethod.ServiceIdFieldNumber, serviceId);
        writer.WriteField(IPCFrame.Types.InvokeMethod.MethodIdFieldNumber, methodId);
        writer.WriteField(IPCFrame.Types.InvokeMethod.ArgsProtoFieldNumber, arguments, _argumentsSize);
        if (dropReply)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethod.DropReplyFieldNumber, 1);
        }
    }
}
