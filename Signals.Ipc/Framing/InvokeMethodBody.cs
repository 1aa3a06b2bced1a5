using Google.Protobuf;
using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>A received call. Its span is valid until the next read.</summary>
internal readonly ref struct InvokeMethodBody
{
    private static readonly uint ServiceIdTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethod.ServiceIdFieldNumber);
    private static readonly uint MethodIdTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethod.MethodIdFieldNumber);
    private static readonly uint ArgumentsTag = WireReader.LengthDelimitedTag(IPCFrame.Types.InvokeMethod.ArgsProtoFieldNumber);
    private static readonly uint DropReplyTag = WireReader.VarintTag(IPCFrame.Types.InvokeMethod.DropReplyFieldNumber);

    internal InvokeMethodBody(IPCFrame.Types.InvokeMethod message)
    {
        ServiceId = message.ServiceId;
        MethodId = message.MethodId;
        HasArguments = message.HasArgsProto;
        Arguments = message.ArgsProto.Span;
        DropReply = message.DropReply;
        ExtendedFields = message.HasTimeoutUs || message.Headers.Count != 0 ? message.ToByteArray() : default;
    }

    private InvokeMethodBody(
        uint serviceId,
        uint methodId,
        bool hasArguments,
        ReadOnlySpan<byte> arguments,
        bool dropReply,
        ReadOnlySpan<byte> extendedFields
    )
    {
        ExtendedFields = extendedFields;
        ServiceId = serviceId;
        MethodId = methodId;
        HasArguments = hasArguments;
        Arguments = arguments;
        DropReply = dropReply;
    }

    internal uint ServiceId { get; }

    internal uint MethodId { get; }

    /// <summary>Gets a value that indicates whether the field was present, even if it was empty.</summary>
    internal bool HasArguments { get; }

    /// <summary>Gets the encoded request.</summary>
    internal ReadOnlySpan<byte> Arguments { get; }

    internal bool DropReply { get; }

    /// <summary>Gets all fields of the call if extensions are among them; otherwise, an empty span.</summary>
    internal ReadOnlySpan<byte> ExtendedFields { get; }

    internal static bool TryParse(ReadOnlySpan<byte> bytes, out InvokeMethodBody body)
    {
        body = default;
        var reader = new WireReader(bytes);
        uint serviceId = 0;
        uint methodId = 0;
        bool hasArguments = false;
        ReadOnlySpan<byte> arguments = default;
        bool dropReply = false;
        bool isExtended = false;
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag))
            {
                return false;
            }

            bool read;
            if (tag == ServiceIdTag)
            {
                read = reader.TryReadUInt32(out serviceId);
            }
            else if (tag == MethodIdTag)
            {
                read = reader.TryReadUInt32(out methodId);
            }
            else if (tag == ArgumentsTag)
            {
                read = reader.TryReadBytes(out arguments);
                hasArguments = true;
            }
            else if (tag == DropReplyTag)
            {
                read = reader.TryReadBool(out dropReply);
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

        body = new InvokeMethodBody(serviceId, methodId, hasArguments, arguments, dropReply, isExtended ? bytes : default);
        return true;
    }
}
