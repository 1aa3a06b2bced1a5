namespace Signals.Ipc.Framing;

/// <summary>A frame that can write itself, its length in front included. Implemented by structs, so that sending one makes no object.</summary>
internal interface IOutgoingFrame
{
    /// <summary>How many bytes it takes on the wire.</summary>
    int CalculateSize();

    /// <summary>Writes it.</summary>
    /// <param name="destination">As many bytes as <see cref="CalculateSize"/> said.</param>
    void WriteTo(Span<byte> destination);
}
