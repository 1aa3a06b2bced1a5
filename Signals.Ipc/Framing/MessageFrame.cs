using Signals.Ipc.Wire;

namespace Signals.Ipc.Framing;

/// <summary>A frame of a rare kind to be sent: the generated message writes it.</summary>
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
