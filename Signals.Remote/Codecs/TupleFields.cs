using System.Buffers;

namespace Signals.Remote;

/// <summary>The arguments of a signal as the length-delimited fields of a protobuf message, numbered from 1. A null argument has no field.</summary>
internal static class TupleFields
{
    private const int WireType = 2;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    internal static void Write<T>(int number, T value, ISignalCodec<T> codec, IBufferWriter<byte> output)
    {
        if (value is null)
        {
            return;
        }

        // A codec of the user may use this class again.
        ArrayBufferWriter<byte> scratch = _scratch ?? new ArrayBufferWriter<byte>();
        _scratch = null;
        scratch.ResetWrittenCount();
        codec.Encode(value, scratch);
        Span<byte> head = stackalloc byte[1 + Varint.MaxSize];
        head[0] = (byte)((number << 3) | WireType);
        output.Write(head[..(1 + Varint.Write(head[1..], (uint)scratch.WrittenCount))]);
        output.Write(scratch.WrittenSpan);
        _scratch = scratch;
    }

    internal static T Read<T>(int number, ReadOnlySpan<byte> input, ISignalCodec<T> codec)
    {
        var reader = new FieldReader(input);
        while (reader.TryRead(out int field))
        {
            if (field == number && reader.IsBytes)
            {
                return codec.Decode(reader.Bytes);
            }
        }

        return default(T) is null ? default! : throw new FormatException($"Argument {number} is missing.");
    }
}
