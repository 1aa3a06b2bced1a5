using System.Buffers;
using Signals.Remote;

namespace Signals.Tool.Hosts;

/// <summary>Leaves the values of a remote signal encoded.</summary>
/// <param name="typeName">The encoded type.</param>
internal sealed class RawCodec(string typeName) : ISignalCodec<byte[]?>
{
    public string TypeName => typeName;

    public void Encode(byte[]? value, IBufferWriter<byte> output) => output.Write(value);

    public byte[] Decode(ReadOnlySpan<byte> input) => input.ToArray();
}
