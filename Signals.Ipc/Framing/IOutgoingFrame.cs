namespace Signals.Ipc.Framing;

/// <summary>
/// A frame that can write itself, its length in front included. Implemented by structs, so that sending one makes no object. The sender calls its
/// members inside its lock, so none of them runs user code.
/// </summary>
internal interface IOutgoingFrame
{
    /// <summary>How many bytes it takes on the wire.</summary>
    int CalculateSize();

    /// <summary>
    /// Writes the frame, once and in full: a frame that takes a request id takes it here. If this throws, nothing has been written.
    /// </summary>
    /// <param name="destination">As many bytes as <see cref="CalculateSize"/> said.</param>
    void WriteTo(Span<byte> destination);
}
