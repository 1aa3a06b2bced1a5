using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Signals.Remote;

/// <summary>Codec of an enumeration: its number, in eight bytes.</summary>
internal sealed class EnumCodec<T> : ISignalCodec<T>
{
    private const int Size = sizeof(long);

    private static readonly bool IsSigned = Type.GetTypeCode(typeof(T)) is TypeCode.SByte or TypeCode.Int16 or TypeCode.Int32 or TypeCode.Int64;

    public string TypeName { get; } = RemoteNames.CheckTypeName($"enum:{typeof(T).FullName!.Replace('+', '.')}", nameof(T));

    public void Encode(T value, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(Size), ToInt64(value));
        output.Advance(Size);
    }

    public T Decode(ReadOnlySpan<byte> input)
    {
        if (input.Length != Size)
        {
            throw new FormatException($"A value of type {TypeName} has {input.Length} bytes instead of {Size}.");
        }

        long number = BinaryPrimitives.ReadInt64LittleEndian(input);
        T value = default!;
        switch (Unsafe.SizeOf<T>())
        {
            case 1:
                Unsafe.As<T, byte>(ref value) = (byte)number;
                break;
            case 2:
                Unsafe.As<T, ushort>(ref value) = (ushort)number;
                break;
            case 4:
                Unsafe.As<T, uint>(ref value) = (uint)number;
                break;
            default:
                Unsafe.As<T, long>(ref value) = number;
                break;
        }

        return ToInt64(value) == number ? value : throw new FormatException($"{number} is not a value of type {TypeName}.");
    }

    private static long ToInt64(T value) =>
        Unsafe.SizeOf<T>() switch
        {
            1 => IsSigned ? Unsafe.As<T, sbyte>(ref value) : Unsafe.As<T, byte>(ref value),
            2 => IsSigned ? Unsafe.As<T, short>(ref value) : Unsafe.As<T, ushort>(ref value),
            4 => IsSigned ? Unsafe.As<T, int>(ref value) : Unsafe.As<T, uint>(ref value),
            _ => Unsafe.As<T, long>(ref value),
        };
}
