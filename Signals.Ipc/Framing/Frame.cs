using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>
/// One frame as it came over the wire. Calls and their answers are read in place, without an object; the rare kinds are generated
/// messages. What it refers to is good until the next read.
/// </summary>
internal readonly ref struct Frame
{
    private static readonly uint RequestIdTag = WireReader.VarintTag(IPCFrame.RequestIdFieldNumber);

    private Frame(ulong requestId, FrameKind kind)
    {
        RequestId = requestId;
        Kind = kind;
    }

    internal ulong RequestId { get; }

    internal FrameKind Kind { get; }

    /// <summary>The call, in a frame of that kind.</summary>
    internal InvokeMethodBody Invoke { get; private init; }

    /// <summary>The answer to a call, in a frame of that kind.</summary>
    internal InvokeMethodReplyBody Reply { get; private init; }

    /// <summary>The whole frame, when it is neither a call nor an answer to one, or was encoded in an unusual way.</summary>
    internal IPCFrame? Message { get; private init; }

    /// <summary>Reads a frame's payload. False if that is no frame: the generated parser would throw.</summary>
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

            // A second message in one frame replaces the first one or is merged into it: not worth rules of our own.
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

        return TryMake(requestId, kind, body, out frame);
    }

    private static FrameKind KindOf(uint tag)
    {
        bool isMessage = (tag & 7) == 2 && tag >> 3 is >= (uint)FrameKind.BindService and <= (uint)FrameKind.SetPeerIdentity;
        return isMessage ? (FrameKind)(tag >> 3) : FrameKind.None;
    }

    private static bool TryMake(ulong requestId, FrameKind kind, ReadOnlySpan<byte> body, out Frame frame)
    {
        frame = default;
        switch (kind)
        {
            case FrameKind.InvokeMethod:
                if (!InvokeMethodBody.TryParse(body, out InvokeMethodBody invoke))
                {
                    return false;
                }

                frame = new Frame(requestId, kind) { Invoke = invoke };
                return true;
            case FrameKind.InvokeMethodReply:
                if (!InvokeMethodReplyBody.TryParse(body, out InvokeMethodReplyBody reply))
                {
                    return false;
                }

                frame = new Frame(requestId, kind) { Reply = reply };
                return true;
            default:
                frame = new Frame(requestId, kind);
                return true;
        }
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
            // The parser says the latter of a wire type that does not exist.
            frame = default;
            return false;
        }

        frame = new Frame(message.RequestId, (FrameKind)message.MsgCase)
        {
            Message = message,
            Invoke = message.MsgInvokeMethod is { } invoke ? new InvokeMethodBody(invoke) : default,
            Reply = message.MsgInvokeMethodReply is { } reply ? new InvokeMethodReplyBody(reply) : default,
        };
        return true;
    }
}
