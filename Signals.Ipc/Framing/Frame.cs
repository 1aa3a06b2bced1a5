using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>
/// One received frame. Calls and their replies are read in place, without an allocation; the rare kinds are generated messages. The spans of a
/// frame are valid until the next read.
/// </summary>
internal ref struct Frame
{
    private static readonly uint RequestIdTag = WireReader.VarintTag(IPCFrame.RequestIdFieldNumber);

    private InvokeMethodBody _invoke;
    private InvokeMethodReplyBody _reply;

    internal ulong RequestId { get; private set; }

    internal FrameKind Kind { get; private set; }

    /// <summary>Gets the call, if the frame is of the kind <see cref="FrameKind.InvokeMethod"/>.</summary>
    [UnscopedRef]
    internal readonly ref readonly InvokeMethodBody Invoke => ref _invoke;

    /// <summary>Gets the reply to a call, if the frame is of the kind <see cref="FrameKind.InvokeMethodReply"/>.</summary>
    [UnscopedRef]
    internal readonly ref readonly InvokeMethodReplyBody Reply => ref _reply;

    /// <summary>Gets the whole frame, if it is neither a call nor a reply to one, or has an unusual encoding; otherwise, null.</summary>
    internal IPCFrame? Message { get; private set; }

    /// <summary>Reads the payload of a frame.</summary>
    /// <returns>False if the payload is not a frame, for which the generated parser would throw.</returns>
    internal static bool TryParse(ReadOnlySpan<byte> payload, out Frame frame)
    {
        frame = default;
        var reader = new WireReader(payload);
        ulong requestId = 0;
        var kind = FrameKind.None;
        ReadOnlySpan<byte> body = default;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
            {
                return false;
            }

            if (tag == RequestIdTag)
            {
                if (!reader.TryReadVarint(out requestId))
                {
                    return false;
                }

                continue;
            }

            FrameKind found = KindOf(tag);
            if (found == FrameKind.None)
            {
                if (!reader.TrySkip(tag, depth: 0))
                {
                    return false;
                }

                continue;
            }

            // A second message in one frame replaces the first one or is merged into it. The generated parser has the rules for that.
            if (found is not (FrameKind.InvokeMethod or FrameKind.InvokeMethodReply) || kind != FrameKind.None)
            {
                return TryParseGenerated(payload, out frame);
            }

            kind = found;
            if (!reader.TryReadBytes(out body))
            {
                return false;
            }
        }

        frame.RequestId = requestId;
        frame.Kind = kind;
        return kind switch
        {
            FrameKind.InvokeMethod => InvokeMethodBody.TryParse(body, out frame._invoke),
            FrameKind.InvokeMethodReply => InvokeMethodReplyBody.TryParse(body, out frame._reply),
            _ => true,
        };
    }

    private static FrameKind KindOf(uint tag)
    {
        bool isMessage = (tag & 7) == 2 && tag >> 3 is >= (uint)FrameKind.BindService and <= (uint)FrameKind.SetPeerIdentity;
        return isMessage ? (FrameKind)(tag >> 3) : FrameKind.None;
    }

    private static bool TryParseGenerated(ReadOnlySpan<byte> payload, out Frame frame)
    {
        IPCFrame message;
        try
        {
            message = IPCFrame.Parser.ParseFrom(payload);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            // The parser throws an InvalidOperationException for a wire type that does not exist.
            frame = default;
            return false;
        }

        frame = new Frame
        {
            RequestId = message.RequestId,
            Kind = (FrameKind)message.MsgCase,
            Message = message,
            _invoke = message.MsgInvokeMethod is { } invoke ? new InvokeMethodBody(invoke) : default,
            _reply = message.MsgInvokeMethodReply is { } reply ? new InvokeMethodReplyBody(reply) : default,
        };
        return true;
    }
}
