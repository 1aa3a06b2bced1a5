using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>An outgoing call with its encoded arguments.</summary>
internal readonly ref struct InvokeMethodFrame(ulong requestId, uint serviceId, uint methodId, ReadOnlySpan<byte> arguments, bool dropReply)
    : IOutgoingFrame
{
    private readonly ReadOnlySpan<byte> _arguments = arguments;

    /// <summary>Gets the number of microseconds that are left for the call, or zero if there is no limit.</summary>
    internal ulong Timeout { get; init; }

    /// <summary>Gets the headers, encoded as fields of the call.</summary>
    internal ReadOnlySpan<byte> Headers { get; init; }

    private int BodySize =>
        WireWriter.SizeOfNumber(serviceId)
        + WireWriter.SizeOfNumber(methodId)
        + WireWriter.SizeOfBytes(_arguments.Length)
        + (dropReply ? WireWriter.SizeOfNumber(1UL) : 0)
        + (Timeout != 0 ? WireWriter.SizeOfExtension(Timeout) : 0)
        + Headers.Length;

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
        writer.WriteField(IPCFrame.Types.InvokeMethod.ArgsProtoFieldNumber, _arguments);
        if (dropReply)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethod.DropReplyFieldNumber, 1);
        }

        if (Timeout != 0)
        {
            writer.WriteField(IPCFrame.Types.InvokeMethod.TimeoutUsFieldNumber, Timeout);
        }

        writer.WriteEncoded(Headers);
    }
}
