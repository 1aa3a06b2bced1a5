using System.Buffers.Binary;
using System.Text;

namespace Signals;

/// <summary>Writes the wire format of protocol buffers into memory that grows. Not thread-safe.</summary>
internal sealed class ProtoWriter
{
    /// <summary>Number of bytes of each length: it is known after its message only, so all have the size of the longest.</summary>
    private const int LengthSize = 4;

    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;

    private byte[] _bytes = new byte[4096];

    /// <summary>Gets the number of bytes.</summary>
    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    internal void Clear() => Length = 0;

    /// <summary>Begins a message that is a field. Returns its position for <see cref="End"/>.</summary>
    internal int Begin(int field)
    {
        Varint((ulong)((field << 3) | BytesType));
        Reserve(LengthSize);
        Length += LengthSize;
        return Length;
    }

    /// <summary>Ends a message.</summary>
    internal void End(int start)
    {
        int size = Length - start;
        if (size >= 1 << (7 * LengthSize))
        {
            throw new InvalidOperationException("The message is too long.");
        }

        Span<byte> length = _bytes.AsSpan(start - LengthSize, LengthSize);
        for (int i = 0; i < LengthSize; i++)
        {
            length[i] = (byte)(((size >> (7 * i)) & 0x7F) | (i < LengthSize - 1 ? 0x80 : 0));
        }
    }

    internal void Number(int field, ulong value)
    {
        Varint((ulong)((field << 3) | VarintType));
        Varint(value);
    }

    internal void Fixed64(int field, ulong value)
    {
        Varint((ulong)((field << 3) | Fixed64Type));
        Reserve(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    internal void Text(int field, string value)
    {
        Varint((ulong)((field << 3) | BytesType));
        int size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Reserve(size);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    private void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }
    }
}
