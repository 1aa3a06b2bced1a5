using System.Buffers;

namespace Signals.Remote;

/// <summary>Codec of a type whose values are encoded in a fixed number of bytes.</summary>
/// <param name="typeName">The name of the type.</param>
/// <param name="size">The number of bytes.</param>
/// <param name="write">Writes a value to that many bytes.</param>
/// <param name="read">Reads a value from that many bytes.</param>
internal sealed class FixedCodec<T>(string typeName, int size, FixedCodec<T>.Writer write, FixedCodec<T>.Reader read) : ISignalCodec<T>
{
    internal delegate void Writer(Span<byte> output, T value);

    internal delegate T Reader(ReadOnlySpan<byte> input);

    public string TypeName => typeName;

    public void Encode(T value, IBufferWriter<byte> output)
    {
        write(output.GetSpan(size)[..size], value);
        output.Advance(size);
    }

    public T Decode(ReadOnlySpan<byte> input) =>
        input.Length == size ? read(input) : throw new FormatException($"A value of type {typeName} has {input.Length} bytes instead of {size}.");
}
