using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>An outgoing reply to a call: the only one, or one of a stream.</summary>
internal readonly ref struct InvokeMethodReplyFrame : IOutgoingFrame
{
    private readonly ulong _requestId;
    private readonly bool _success;
    private readonly bool _hasMore;
    private readonly bool _hasReply;
    private readonly ReadOnlySpan<byte> _reply;

    /// <summary>Initializes a reply with a message.</summary>
    /// <param name="requestId">The request id of the call.</param>
    /// <param name="success">A value that indicates whether the call succeeded.</param>
    /// <param name="hasMore">A value that indicates whether more replies follow.</param>
    /// <param name="reply">The encoded message.</param>
    internal InvokeMethodReplyFrame(ulong requestId, bool success, bool hasMore, ReadOnlySpan<byte> reply)
    {
        _requestId = requestId;
        _success = success;
        _hasMore = hasMore;
        _hasReply = true;
        _reply = reply;
    }

    /// <summary>Initializes a last reply without a message, for a call that failed or a stream that ends.</summary>
    internal InvokeMethodReplyFrame(ulong requestId, bool success)
    {
        _requestId = requestId;
        _success = success;
    }

    /// <summary>Gets the status of a call that failed, or zero if it is not sent.</summary>
    internal uint StatusCode { get; init; }

    /// <summary>Gets the text of the status in UTF-8.</summary>
    internal ReadOnlySpan<byte> StatusMessage { get; init; }

    private int BodySize =>
        WireWriter.SizeOfNumber(1UL)
        + (_hasMore ? WireWriter.SizeOfNumber(1UL) : 0)
        + (_hasReply ? WireWriter.SizeOfBytes(_reply.Length) : 0)
        + (StatusCode != 0 ? WireWriter.SizeOfExtension(StatusCode) : 0)
        + (StatusMessage.IsEmpty ? 0 : WireWriter.SizeOfExtension(StatusMessage));

    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize + WireWriter.SizeOfNumber(_requestId) + WireWriter.SizeOfBytes(BodySize);

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        var writer = new WireWriter(destination);
        writer.WritePrefix(destination.Length - ReceiveBuffer.PrefixSize);
        writer.WriteField(IPCFrame.RequestIdFieldNumber, _requestId);
        writer.WriteHeader(IPCFrame.MsgInvokeMethodReplyFieldNumber, BodySize);
        writer.WriteField(IPCFrame.Types.InvokeMethodReply.SuccessFieldNumber, _success ? 1UL : 0);
        if (_hasMore)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.HasMoreFieldNumber, 1);
        }

        if (_hasReply)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.ReplyProtoFieldNumber, _reply);
        }

        if (StatusCode != 0)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.StatusCodeFieldNumber, StatusCode);
        }

        if (!StatusMessage.IsEmpty)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethodReply.StatusMessageFieldNumber, StatusMessage);
        }
    }
}
