namespace Signals.Ipc.Framing;

/// <summary>A frame of length zero, which every receiver ignores. Sending it fails if the peer has disconnected.</summary>
internal readonly struct EmptyFrame : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize;

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination) => destination.Clear();
}
