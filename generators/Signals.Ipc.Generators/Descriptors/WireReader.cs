using System.Text;

namespace Signals.Ipc.Generators.Descriptors;

/// <summary>Reads the fields of an encoded protobuf message. Malformed bytes cause a <see cref="FormatException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private const int MaxVarintBits = 64;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Gets the number of the field that was read last.</summary>
    internal int Field { get; private set; }

    /// <summary>Gets the value of a field that is a number.</summary>
    internal ulong Number { get; private set; }

    /// <summary>Gets the content of a field that is a message, a text or bytes. Empty for a number.</summary>
    internal ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Gets the content as a text.</summary>
    internal readonly string Text => Encoding.UTF8.GetString(Content.ToArray());

    /// <summary>Gets a value that indicates whether a number is not zero.</summary>
    internal readonly bool Flag => Number != 0;

    /// <summary>Reads the next field.</summary>
    /// <returns>False at the end of the message.</returns>
    internal bool Read()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = ReadVarint();
        if (tag >> 3 is 0 or > int.MaxValue)
        {
            throw new FormatException("A field has no valid number.");
        }

        Field = (int)(tag >> 3);
        Number = 0;
        Content = default;
        switch (tag & 7)
        {
            case 0:
                Number = ReadVarint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Content = Take(ReadVarint());
                break;
            case 5:
                Take(4);
                break;
            case 3:
                SkipGroup();
                break;
            default:
                throw new FormatException("A field has no valid type.");
        }

        return true;
    }

    /// <summary>Skips the rest of a group, and the groups in it. Custom options of users may be groups.</summary>
    private void SkipGroup()
    {
        for (int depth = 1; depth > 0; )
        {
            switch (ReadVarint() & 7)
            {
                case 0:
                    ReadVarint();
                    break;
                case 1:
                    Take(8);
                    break;
                case 2:
                    Take(ReadVarint());
                    break;
                case 3:
                    depth++;
                    break;
                case 4:
                    depth--;
                    break;
                case 5:
                    Take(4);
                    break;
                default:
                    throw new FormatException("A field has no valid type.");
            }
        }
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw new FormatException("A field is longer than its message.");
        }

        ReadOnlySpan<byte> taken = _rest.Slice(0, (int)length);
        _rest = _rest.Slice((int)length);
        return taken;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < MaxVarintBits; shift += 7)
        {
            byte next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("A number has too many bytes.");
    }
}
