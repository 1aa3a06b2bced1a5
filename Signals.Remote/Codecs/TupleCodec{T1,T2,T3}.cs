using System.Buffers;

namespace Signals.Remote;

/// <summary>Codec of signals with three arguments: a field for each.</summary>
internal sealed class TupleCodec<T1, T2, T3>(ISignalCodec<T1> codec1, ISignalCodec<T2> codec2, ISignalCodec<T3> codec3) : ISignalCodec<(T1, T2, T3)>
{
    public string TypeName { get; } = RemoteNames.CheckTypeName($"({codec1.TypeName},{codec2.TypeName},{codec3.TypeName})", "codec");

    public void Encode((T1, T2, T3) value, IBufferWriter<byte> output)
    {
        TupleFields.Write(1, value.Item1, codec1, output);
        TupleFields.Write(2, value.Item2, codec2, output);
        TupleFields.Write(3, value.Item3, codec3, output);
    }

    public (T1, T2, T3) Decode(ReadOnlySpan<byte> input) =>
        (TupleFields.Read(1, input, codec1), TupleFields.Read(2, input, codec2), TupleFields.Read(3, input, codec3));
}
