using System.Buffers;

namespace Signals.Remote;

/// <summary>Codec of signals without arguments: no bytes.</summary>
internal sealed class EmptyCodec : ISignalCodec<ValueTuple>
{
    internal static readonly EmptyCodec Instance = new();

    public string TypeName => "()";

    public void Encode(ValueTuple value, IBufferWriter<byte> output) { }

    public ValueTuple Decode(ReadOnlySpan<byte> input) => default;
}
