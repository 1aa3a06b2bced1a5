using Signals.Ipc.Framing;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Host;

/// <summary>One of the answers of a stream that has been encoded before.</summary>
internal readonly struct EncodedReplyFrame(ulong requestId, bool hasMore, ReadOnlyMemory<byte> reply) : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize + WireWriter.SizeOfNumber(requestId) + WireWriter.SizeOfBytes(BodySize());

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.WritePrefix(destination.Length - ReceiveBuffer.PrefixSize);
        writer.WriteField(IPCFrame.RequestIdFieldNumber, requestId);
        writer.WriteHeader(IPCFrame.MsgInvokeMethodReplyFieldNumber, BodySize());
        writer.WriteField(IPCFrame.Types.InvokeMethodReply.SuccessFieldNumber, 1);
        if (hasMore)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.HasMoreFieldNumber, 1);
        }

        writer.WriteHeader(IPCFrame.Types.InvokeMethodReply.ReplyProtoFieldNumber, reply.Length);
        reply.Span.CopyTo(destination[^reply.Length..]);
    }

    private int BodySize() => WireWriter.SizeOfNumber(1UL) + (hasMore ? WireWriter.SizeOfNumber(1UL) : 0) + WireWriter.SizeOfBytes(reply.Length);
}
