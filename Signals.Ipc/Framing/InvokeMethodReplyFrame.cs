using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>The answer to a call, or one of several, to be sent.</summary>
/// <param name="requestId">The call that is answered.</param>
/// <param name="success">Whether it could be carried out.</param>
/// <param name="hasMore">Whether further answers follow.</param>
/// <param name="reply">The encoded reply, or null for none.</param>
internal readonly struct InvokeMethodReplyFrame(ulong requestId, bool success, bool hasMore, ReadOnlyMemory<byte>? reply) : IOutgoingFrame
{
    private int BodySize =>
        WireWriter.SizeOfNumber(1UL) + (hasMore ? WireWriter.SizeOfNumber(1UL) : 0) + (reply is { } bytes ? WireWriter.SizeOfBytes(bytes.Length) : 0);

    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize + WireWriter.SizeOfNumber(requestId) + WireWriter.SizeOfBytes(BodySize);

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.WritePrefix(destination.Length - ReceiveBuffer.PrefixSize);
        writer.WriteField(IPCFrame.RequestIdFieldNumber, requestId);
        writer.WriteHeader(IPCFrame.MsgInvokeMethodReplyFieldNumber, BodySize);
        writer.WriteField(IPCFrame.Types.InvokeMethodReply.SuccessFieldNumber, success ? 1UL : 0);
        if (hasMore)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.HasMoreFieldNumber, 1);
        }

        if (reply is { } bytes)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.ReplyProtoFieldNumber, bytes.Span);
        }
    }
}
