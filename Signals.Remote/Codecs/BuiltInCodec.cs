using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Signals.Remote;

/// <summary>The codecs that need no code of the user. Numbers are little-endian.</summary>
internal static class BuiltInCodec
{
    private const int DateTimeOffsetSize = sizeof(long) + sizeof(short);
    private const int GuidSize = 16;

    /// <summary>Returns the codec of a type.</summary>
    /// <exception cref="NotSupportedException">There is none.</exception>
    internal static ISignalCodec<T> Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>() =>
        Cache<T>.Codec
        ?? throw new NotSupportedException(
            $"{typeof(T)} is not a built-in type of remote signals, an enumeration or a protobuf message: pass an {nameof(ISignalCodec<>)}."
        );

    private static object? Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>()
    {
        Type type = typeof(T);
        if (type.IsEnum)
        {
            return new EnumCodec<T>();
        }

        if (typeof(IMessage).IsAssignableFrom(type) && !type.IsAbstract)
        {
            return new MessageCodec<T>();
        }

        return type == typeof(bool) ? new FixedCodec<bool>("bool", 1, static (output, value) => output[0] = value ? (byte)1 : (byte)0, ReadBool)
            : type == typeof(int)
                ? new FixedCodec<int>("int32", sizeof(int), BinaryPrimitives.WriteInt32LittleEndian, BinaryPrimitives.ReadInt32LittleEndian)
            : type == typeof(uint)
                ? new FixedCodec<uint>("uint32", sizeof(uint), BinaryPrimitives.WriteUInt32LittleEndian, BinaryPrimitives.ReadUInt32LittleEndian)
            : type == typeof(long)
                ? new FixedCodec<long>("int64", sizeof(long), BinaryPrimitives.WriteInt64LittleEndian, BinaryPrimitives.ReadInt64LittleEndian)
            : type == typeof(ulong)
                ? new FixedCodec<ulong>("uint64", sizeof(ulong), BinaryPrimitives.WriteUInt64LittleEndian, BinaryPrimitives.ReadUInt64LittleEndian)
            : type == typeof(float)
                ? new FixedCodec<float>("float", sizeof(float), BinaryPrimitives.WriteSingleLittleEndian, BinaryPrimitives.ReadSingleLittleEndian)
            : type == typeof(double)
                ? new FixedCodec<double>("double", sizeof(double), BinaryPrimitives.WriteDoubleLittleEndian, BinaryPrimitives.ReadDoubleLittleEndian)
            : type == typeof(string) ? new StringCodec()
            : type == typeof(byte[]) ? new BytesCodec()
            : type == typeof(ReadOnlyMemory<byte>) ? new MemoryCodec()
            : type == typeof(TimeSpan)
                ? new FixedCodec<TimeSpan>(
                    "timespan",
                    sizeof(long),
                    static (output, value) => BinaryPrimitives.WriteInt64LittleEndian(output, value.Ticks),
                    static input => new TimeSpan(BinaryPrimitives.ReadInt64LittleEndian(input))
                )
            : type == typeof(DateTimeOffset) ? new FixedCodec<DateTimeOffset>("datetimeoffset", DateTimeOffsetSize, WriteTime, ReadTime)
            : type == typeof(Guid)
                ? new FixedCodec<Guid>(
                    "guid",
                    GuidSize,
                    static (output, value) => value.TryWriteBytes(output, bigEndian: true, out _),
                    static input => new Guid(input, bigEndian: true)
                )
            : null;
    }

    private static bool ReadBool(ReadOnlySpan<byte> input) =>
        input[0] <= 1 ? input[0] == 1 : throw new FormatException($"{input[0]} is not a value of type bool.");

    private static void WriteTime(Span<byte> output, DateTimeOffset value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output, value.Ticks);
        BinaryPrimitives.WriteInt16LittleEndian(output[sizeof(long)..], (short)value.TotalOffsetMinutes);
    }

    private static DateTimeOffset ReadTime(ReadOnlySpan<byte> input) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(input), TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(input[sizeof(long)..])));

    private static class Cache<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>
    {
        internal static readonly ISignalCodec<T>? Codec = (ISignalCodec<T>?)Create<T>();
    }
}
