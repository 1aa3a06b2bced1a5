using System.Buffers;

namespace Signals.Remote;

/// <summary>Passes encoded values of any type on.</summary>
internal sealed class RelayCodec(string typeName) : ISignalCodec<byte[]?>
{
    public string TypeName => typeName;

    public void Encode(byte[]? value, IBufferWriter<byte> output) => output.Write(value);

    public byte[] Decode(ReadOnlySpan<byte> input) => input.ToArray();
}
