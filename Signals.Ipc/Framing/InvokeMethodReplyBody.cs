using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>A received reply to a call. Its span is valid until the next read.</summary>
internal readonly ref struct InvokeMethodReplyBody
{
    private static readonly uint SuccessTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethodReply.SuccessFieldNumber);
    private static readonly uint HasMoreTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethodReply.HasMoreFieldNumber);
    private static readonly uint ReplyTag = WireReader.LengthDelimitedTag(IPCFrame.Types.InvokeMethodReply.ReplyProtoFieldNumber);

    internal InvokeMethodReplyBody(IPCFrame.Types.InvokeMethodReply message)
    {
        Success = message.Success;
        HasMore = message.HasMore;
        HasReply = message.HasReplyProto;
        Reply = message.ReplyProto.Span;
        ExtendedFields = message.HasStatusCode || message.HasStatusMessage ? message.ToByteArray() : default;
    }

    private InvokeMethodReplyBody(bool success, bool hasMore, bool hasReply, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> extendedFields)
    {
        ExtendedFields = extendedFields;
        Success = success;
        HasMore = hasMore;
        HasReply = hasReply;
        Reply = reply;
    }

    internal bool Success { get; }

    /// <summary>Gets a value that indicates whether more replies to the same call follow.</summary>
    internal bool HasMore { get; }

    /// <summary>Gets a value that indicates whether the field was present, even if it was empty.</summary>
    internal bool HasReply { get; }

    /// <summary>Gets the encoded reply.</summary>
    internal ReadOnlySpan<byte> Reply { get; }

    /// <summary>Gets all fields of the reply if extensions are among them; otherwise, an empty span.</summary>
    internal ReadOnlySpan<byte> ExtendedFields { get; }

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out InvokeMethodReplyBody body)
    {
        body = default;
        var reader = new WireReader(bytes);
        bool success = false;
        bool hasMore = false;
        bool hasReply = false;
        bool isExtended = false;
        ReadOnlySpan<byte> reply = default;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read;
            if (tag == SuccessTag)
            {
                read = reader.TryReadBool(out success);
            }
            else if (tag == HasMoreTag)
            {
                read = reader.TryReadBool(out hasMore);
            }
            else if (tag == ReplyTag)
            {
                read = reader.TryReadBytes(out reply);
                hasReply = true;
            }
            else
            {
                isExtended |= WireReader.IsExtension(tag);
                read = reader.TrySkip(tag, depth: 1);
            }

            if (!read)
            {
                return false;
            }
        }

        body = new InvokeMethodReplyBody(success, hasMore, hasReply, reply, isExtended ? bytes : default);
        return true;
    }
}
