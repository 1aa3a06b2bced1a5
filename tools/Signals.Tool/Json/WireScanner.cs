using System.Buffers.Binary;
using Google.Protobuf;

namespace Signals.Tool.Json;

/// <summary>Reads the fields of an encoded message one after another, without knowledge of its type.</summary>
/// <param name="bytes">The encoded message.</param>
internal struct WireScanner(ReadOnlyMemory<byte> bytes)
{
    /// <summary>The maximum number of groups inside each other.</summary>
    private const int MaxDepth = 100;

    private const int TagTypeBits = 3;

    private int _position;

    /// <summary>Reads the next field. Returns false at the end.</summary>
    /// <exception cref="MappingException">The bytes are not an encoded message.</exception>
    internal bool TryRead(out int number, out WireField field)
    {
        field = default;
        number = 0;
        if (_position == bytes.Length)
        {
            return false;
        }

        (number, WireFormat.WireType type) = ReadTag();
        field = Read(number, type, depth: 0);
        return true;
    }

    /// <summary>Reads the numbers of a packed field.</summary>
    /// <param name="content">The content of the field.</param>
    /// <param name="type">The wire type of the numbers.</param>
    internal static IEnumerable<WireField> ReadPacked(ReadOnlyMemory<byte> content, WireFormat.WireType type)
    {
        var scanner = new WireScanner(content);
        while (scanner._position < content.Length)
        {
            yield return scanner.Read(number: 0, type, depth: 0);
        }
    }

    private WireField Read(int number, WireFormat.WireType type, int depth)
    {
        switch (type)
        {
            case WireFormat.WireType.Varint:
                return new WireField(type, ReadVarint(), default);
            case WireFormat.WireType.Fixed64:
                return new WireField(type, BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span), default);
            case WireFormat.WireType.Fixed32:
                return new WireField(type, BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span), default);
            case WireFormat.WireType.LengthDelimited:
                ulong length = ReadVarint();
                return new WireField(type, 0, Take(length <= int.MaxValue ? (int)length : throw Truncated()));
            case WireFormat.WireType.StartGroup when depth < MaxDepth:
                return new WireField(type, 0, ReadGroup(number, depth + 1));
            default:
                throw new MappingException($"The encoded message has a field {number} of the wire type {type}, which is not possible there.");
        }
    }

    private ReadOnlyMemory<byte> ReadGroup(int number, int depth)
    {
        int start = _position;
        while (true)
        {
            int end = _position;
            (int inner, WireFormat.WireType type) = ReadTag();
            if (type == WireFormat.WireType.EndGroup && inner == number)
            {
                return bytes[start..end];
            }

            Read(inner, type, depth);
        }
    }

    private (int Number, WireFormat.WireType Type) ReadTag()
    {
        ulong tag = ReadVarint();
        int number = (int)(uint)tag >>> TagTypeBits;
        return number != 0 && tag <= uint.MaxValue
            ? (number, (WireFormat.WireType)(tag & ((1 << TagTypeBits) - 1)))
            : throw new MappingException("The encoded message has a field without a number.");
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new MappingException("The encoded message has a number of more than ten bytes.");
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > bytes.Length - _position)
        {
            throw Truncated();
        }

        _position += count;
        return bytes.Slice(_position - count, count);
    }

    private static MappingException Truncated() => new("The encoded message ends in the middle of a field.");
}
