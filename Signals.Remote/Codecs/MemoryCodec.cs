using System.Buffers;

namespace Signals.Remote;

/// <summary>Codec of <see cref="ReadOnlyMemory{T}"/> of bytes: the bytes.</summary>
internal sealed class MemoryCodec : ISignalCodec<ReadOnlyMemory<byte>>
{
    public string TypeName => BytesCodec.Name;

    public void Encode(ReadOnlyMemory<byte> value, IBufferWriter<byte> output) => output.Write(value.Span);

    public ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> input) => input.ToArray();
}
