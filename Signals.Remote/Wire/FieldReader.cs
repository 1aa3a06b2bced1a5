namespace Signals.Remote;

/// <summary>Reads the fields of a protobuf message in place.</summary>
/// <param name="message">The message, which comes from another process.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Indicates whether the field is length-delimited. Otherwise it has a number.</summary>
    internal bool IsBytes;

    internal ReadOnlySpan<byte> Bytes;

    internal ulong Number;

    /// <summary>Reads the next field. Returns false at the end.</summary>
    /// <exception cref="FormatException">The bytes are not a protobuf message.</exception>
    internal bool TryRead(out int field)
    {
        field = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadNumber();
        field = tag <= int.MaxValue ? (int)(tag >> 3) : throw Malformed();
        IsBytes = false;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Number = ReadNumber();
                break;
            case 1:
                Number = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));
                break;
            case 2:
                ulong length = ReadNumber();
                Bytes = ReadBytes(length);
                IsBytes = true;
                break;
            case 5:
                Number = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));
                break;
            default:
                throw Malformed();
        }

        return true;
    }

    private ulong ReadNumber()
    {
        if (!Varint.TryRead(_rest, out ulong value, out int size))
        {
            throw Malformed();
        }

        _rest = _rest[size..];
        return value;
    }

    private ReadOnlySpan<byte> ReadBytes(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Malformed();
        }

        ReadOnlySpan<byte> bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    private static FormatException Malformed() => new("The bytes are not a protobuf message.");
}
