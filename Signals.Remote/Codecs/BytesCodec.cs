using System.Buffers;

namespace Signals.Remote;

/// <summary>Codec of <see cref="byte"/> arrays: the bytes.</summary>
internal sealed class BytesCodec : ISignalCodec<byte[]>
{
    internal const string Name = "bytes";

    public string TypeName => Name;

    public void Encode(byte[] value, IBufferWriter<byte> output) => output.Write(value);

    public byte[] Decode(ReadOnlySpan<byte> input) => input.ToArray();
}
