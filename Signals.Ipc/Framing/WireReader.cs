namespace Signals.Ipc.Framing;

/// <summary>
/// Reads the protobuf encoding from untrusted bytes. It accepts exactly the bytes that the generated parsers accept, and returns false where they
/// throw.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    /// <summary>Maximum depth to which messages and groups may be nested.</summary>
    private const int MaxDepth = 100;

    private const int MaxVarintBytes = 10;

    private ReadOnlySpan<byte> _rest = bytes;

    private enum WireType
    {
        Varint = 0,
        Fixed64 = 1,
        LengthDelimited = 2,
        StartGroup = 3,
        EndGroup = 4,
        Fixed32 = 5,
    }

    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Returns whether bytes are a sequence of fields, without examining the content of nested messages.</summary>
    internal static bool IsWellFormed(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        while (!reader.IsAtEnd)
        {
            if (!reader.TryReadTag(out uint tag) || !reader.TrySkip(tag, depth: 0))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Returns the tag of a field that holds a number.</summary>
    internal static uint VarintTag(int field) => ((uint)field << 3) | (uint)WireType.Varint;

    /// <summary>Returns the tag of a field that holds bytes, a string or a message.</summary>
    internal static uint LengthDelimitedTag(int field) => ((uint)field << 3) | (uint)WireType.LengthDelimited;

    /// <summary>Returns a value that indicates whether the field with a tag is an extension.</summary>
    internal static bool IsExtension(uint tag) => FieldOf(tag) is >= 1500 and <= 1599;

    internal bool TryReadTag(out uint tag) => TryReadUInt32(out tag) && FieldOf(tag) != 0;

    /// <summary>Reads a number. Encodings that are longer than necessary are valid; bits beyond the 64th are ignored.</summary>
    internal bool TryReadVarint(out ulong value)
    {
        // The fast path of nearly all numbers of a frame: tags, ids and sizes.
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            value = _rest[0];
            _rest = _rest[1..];
            return true;
        }

        return TryReadLongVarint(out value);
    }

    /// <summary>Reads a number and discards all but its lower 32 bits.</summary>
    internal bool TryReadUInt32(out uint value)
    {
        bool read = TryReadVarint(out ulong wide);
        value = (uint)wide;
        return read;
    }

    internal bool TryReadBool(out bool value)
    {
        bool read = TryReadVarint(out ulong wide);
        value = wide != 0;
        return read;
    }

    internal bool TryReadBytes(out ReadOnlySpan<byte> bytes)
    {
        if (!TryReadUInt32(out uint length) || length > (uint)_rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Skips the value of an unknown field.</summary>
    /// <param name="tag">The tag of the field, which has been read already.</param>
    /// <param name="depth">The number of messages and groups in which the field is nested.</param>
    internal bool TrySkip(uint tag, int depth) =>
        (WireType)(tag & 7) switch
        {
            WireType.Varint => TryReadVarint(out _),
            WireType.Fixed64 => TrySkip(sizeof(ulong)),
            WireType.LengthDelimited => TryReadBytes(out _),
            WireType.StartGroup => TrySkipGroup(FieldOf(tag), depth),
            WireType.Fixed32 => TrySkip(sizeof(uint)),
            _ => false,
        };

    private static uint FieldOf(uint tag) => tag >> 3;

    private bool TryReadLongVarint(out ulong value)
    {
        value = 0;
        int limit = Math.Min(_rest.Length, MaxVarintBytes);
        for (int i = 0; i < limit; i++)
        {
            byte next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private bool TrySkip(int count)
    {
        if (_rest.Length < count)
        {
            return false;
        }

        _rest = _rest[count..];
        return true;
    }

    private bool TrySkipGroup(uint field, int depth)
    {
        if (depth >= MaxDepth)
        {
            return false;
        }

        while (TryReadTag(out uint tag))
        {
            if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                return FieldOf(tag) == field;
            }

            if (!TrySkip(tag, depth + 1))
            {
                return false;
            }
        }

        return false;
    }
}
