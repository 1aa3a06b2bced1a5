using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>An outgoing frame of a rare kind, which the generated message writes.</summary>
internal readonly struct MessageFrame(IPCFrame message) : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize + message.CalculateSize();

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination)
    {
        int size = destination.Length - ReceiveBuffer.PrefixSize;
        var writer = new WireWriter(destination);
        writer.WritePrefix(size);
        writer.WriteMessage(message, size);
    }
}
