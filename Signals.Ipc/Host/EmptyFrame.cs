using Signals.Ipc.Framing;

namespace Signals.Ipc.Host;

/// <summary>A frame of length zero, which every reader skips: finds out whether there is still somebody to receive it.</summary>
internal readonly struct EmptyFrame : IOutgoingFrame
{
    /// <inheritdoc/>
    public int CalculateSize() => ReceiveBuffer.PrefixSize;

    /// <inheritdoc/>
    public void WriteTo(Span<byte> destination) => destination.Clear();
}
