using System.Buffers;

namespace Signals.Remote;

/// <summary>Decodes values of a type, with the names under which they come.</summary>
internal sealed class NamedCodec<T>(ISignalCodec<T> inner) : ISignalCodec<NamedValue<T>>, INamedCodec<NamedValue<T>>
{
    public string TypeName => inner.TypeName;

    public void Encode(NamedValue<T> value, IBufferWriter<byte> output) => throw new NotSupportedException("Named values are not exported.");

    public NamedValue<T> Decode(ReadOnlySpan<byte> input) => throw new NotSupportedException("Named values have a name.");

    public NamedValue<T> DecodeNamed(in InValue value) => new(value.Name!, value.Decode(inner));
}
