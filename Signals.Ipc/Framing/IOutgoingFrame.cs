namespace Signals.Ipc.Framing;

/// <summary>
/// A frame that can write itself, including its length prefix. Implemented by structs, so that sending a frame allocates nothing. The sender calls
/// the members inside its lock, so they must not run user code.
/// </summary>
internal interface IOutgoingFrame
{
    /// <summary>Returns the number of bytes that the frame takes on the wire.</summary>
    int CalculateSize();

    /// <summary>
    /// Writes the whole frame. Called once; a frame with a request id is assigned it here. If this method throws, nothing has been written.
    /// </summary>
    /// <param name="destination">A span of exactly the size that <see cref="CalculateSize"/> returned.</param>
    void WriteTo(Span<byte> destination);
}
