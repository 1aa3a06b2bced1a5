using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Signals.Tool.Json;

/// <summary>The bytes of a message that is being encoded.</summary>
internal sealed class WireBuffer
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    internal void WriteTag(int number, WireFormat.WireType type) => WriteVarint(WireFormat.MakeTag(number, type));

    internal void WriteVarint(ulong value)
    {
        Span<byte> bytes = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        _bytes.Advance(length);
    }

    internal void WriteFixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    internal void WriteFixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    /// <summary>Writes bytes as they are.</summary>
    internal void WriteRaw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Writes the number of bytes, and the bytes.</summary>
    internal void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteVarint((ulong)bytes.Length);
        WriteRaw(bytes);
    }
}
