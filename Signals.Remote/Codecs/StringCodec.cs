using System.Buffers;
using System.Text;

namespace Signals.Remote;

/// <summary>
/// Codec of strings: UTF-8. A surrogate without its partner, which UTF-8 cannot express, is written as three bytes like any other UTF-16 unit (as in
/// WTF-8), so that every string arrives as it was.
/// </summary>
internal sealed class StringCodec : ISignalCodec<string>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public string TypeName => "string";

    public void Encode(string value, IBufferWriter<byte> output)
    {
        if (!HasLoneSurrogate(value))
        {
            Strict.GetBytes(value.AsSpan(), output);
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        ReadOnlySpan<char> rest = value;
        while (!rest.IsEmpty)
        {
            int written;
            int read = 1;
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                written = rune.EncodeToUtf8(bytes);
                read = consumed;
            }
            else
            {
                char unit = rest[0];
                bytes[0] = (byte)(0xE0 | (unit >> 12));
                bytes[1] = (byte)(0x80 | ((unit >> 6) & 0x3F));
                bytes[2] = (byte)(0x80 | (unit & 0x3F));
                written = 3;
            }

            output.Write(bytes[..written]);
            rest = rest[read..];
        }
    }

    public string Decode(ReadOnlySpan<byte> input)
    {
        if (System.Text.Unicode.Utf8.IsValid(input))
        {
            return Strict.GetString(input);
        }

        var text = new StringBuilder(input.Length);
        Span<char> units = stackalloc char[2];
        while (!input.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(input, out Rune rune, out int consumed) == OperationStatus.Done)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
                input = input[consumed..];
            }
            else if (input.Length >= 3 && input[0] == 0xED && (input[1] & 0xE0) == 0xA0 && (input[2] & 0xC0) == 0x80)
            {
                text.Append((char)(0xD000 | ((input[1] & 0x3F) << 6) | (input[2] & 0x3F)));
                input = input[3..];
            }
            else
            {
                throw new FormatException("The bytes of a string are not UTF-8.");
            }
        }

        return text.ToString();
    }

    private static bool HasLoneSurrogate(string value)
    {
        for (int i = value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]))
            {
                if (!char.IsHighSurrogate(value[i]) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
                {
                    return true;
                }

                i++;
            }
        }

        return false;
    }
}
