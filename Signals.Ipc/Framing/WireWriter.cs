using System.Buffers.Binary;
using Google.Protobuf;

namespace Signals.Ipc.Framing;

/// <summary>Writes the protobuf encoding into a span whose size has been calculated before.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private Span<byte> _rest = destination;

    internal static int SizeOfVarint(ulong value) => CodedOutputStream.ComputeUInt64Size(value);

    /// <summary>Returns the size of a number with its tag. All tags of the protocol take one byte, except those of extensions.</summary>
    internal static int SizeOfNumber(ulong value) => 1 + SizeOfVarint(value);

    /// <summary>Returns the size of bytes, a string or a message with its tag and length.</summary>
    internal static int SizeOfBytes(int length) => 1 + SizeOfVarint((ulong)length) + length;

    /// <summary>Returns the size of a number in an extension field, whose tag takes two bytes.</summary>
    internal static int SizeOfExtension(ulong value) => 1 + SizeOfNumber(value);

    /// <summary>Returns the size of bytes in an extension field, whose tag takes two bytes.</summary>
    internal static int SizeOfExtension(ReadOnlySpan<byte> bytes) => 1 + SizeOfBytes(bytes.Length);

    /// <summary>Writes the length prefix of a frame.</summary>
    internal void WritePrefix(int payloadSize)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_rest, (uint)payloadSize);
        _rest = _rest[sizeof(uint)..];
    }

    internal void WriteField(int field, ulong value)
    {
        WriteVarint(WireReader.VarintTag(field));
        WriteVarint(value);
    }

    internal void WriteField(int field, ReadOnlySpan<byte> bytes)
    {
        WriteHeader(field, bytes.Length);
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }

    /// <summary>Writes the tag and the length that precede the content of bytes, a string or a message.</summary>
    internal void WriteHeader(int field, int size)
    {
        WriteVarint(WireReader.LengthDelimitedTag(field));
        WriteVarint((ulong)size);
    }

    /// <summary>Writes fields that are already encoded.</summary>
    internal void WriteEncoded(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(_rest);
        _rest = _rest[fields.Length..];
    }

    internal void WriteMessage(IMessage message, int size)
    {
        message.WriteTo(_rest[..size]);
        _rest = _rest[size..];
    }

    private void WriteVarint(ulong value)
    {
        int count = 0;
        while (value >= 0x80)
        {
            _rest[count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _rest[count++] = (byte)value;
        _rest = _rest[count..];
    }
}
