using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using NATS.Client.Core;

namespace Signals.Nats;

/// <summary>The header of published emissions: the exporter and the export as hexadecimal numbers, and the type of the values.</summary>
internal static class ValueHeader
{
    private const string Key = "Signals";
    private const int MaxSize = 1024;

    private static readonly SearchValues<char> Printable = SearchValues.Create(
        string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(static code => (char)code))
    );

    /// <summary>Creates a header, which is used for all emissions of an export.</summary>
    internal static NatsHeaders Create(ulong exporter, ulong epoch, string typeName)
    {
        // Only tools that show messages read the type, whose name may be any text.
        string shown = typeName.AsSpan().ContainsAnyExcept(Printable) ? "-" : typeName;
        return new NatsHeaders { [Key] = string.Create(CultureInfo.InvariantCulture, $"{exporter:x16} {epoch:x16} {shown}") };
    }

    /// <summary>Reads the header of a message. Returns false if the message does not come from an exporter.</summary>
    internal static bool TryRead(in ReadOnlySequence<byte> headers, out ulong exporter, out ulong epoch)
    {
        (exporter, epoch) = (0, 0);
        if (headers.Length > MaxSize)
        {
            return false;
        }

        // In several parts only if the header crosses the end of a buffer of the socket.
        ReadOnlySpan<byte> text = headers.IsSingleSegment ? headers.FirstSpan : headers.ToArray();
        const int digits = 16;
        int at = text.IndexOf("\r\nSignals:"u8);
        if (at < 0)
        {
            return false;
        }

        text = text[(at + "\r\nSignals:".Length)..].TrimStart((byte)' ');
        return text.Length > 2 * digits
            && text[digits] == ' '
            && Utf8Parser.TryParse(text[..digits], out exporter, out int first, 'x')
            && Utf8Parser.TryParse(text.Slice(digits + 1, digits), out epoch, out int second, 'x')
            && first == digits
            && second == digits;
    }
}
