using System.Globalization;
using System.Text;

namespace Signals.Ipc.Sockets;

/// <summary>Text that a peer has sent, made safe to quote in log lines, exceptions and reasons.</summary>
internal static class PeerText
{
    /// <summary>The number of characters of a text that are quoted.</summary>
    internal const int MaxLength = 200;

    /// <summary>
    /// Returns a text with everything escaped that could end its line, move what is around it or hide: control and format characters, separators
    /// of lines and paragraphs, halves of surrogate pairs. A long text is cut, and its length is told.
    /// </summary>
    internal static string Clean(string text)
    {
        if (text.Length <= MaxLength && IsClean(text))
        {
            return text;
        }

        var clean = new StringBuilder();
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty && text.Length - rest.Length < MaxLength)
        {
            bool isWhole = Rune.DecodeFromUtf16(rest, out Rune rune, out int length) == System.Buffers.OperationStatus.Done;
            if (isWhole && IsClean(rune))
            {
                clean.Append(rest[..length]);
            }
            else
            {
                clean.Append(CultureInfo.InvariantCulture, $"\\u{{{(isWhole ? rune.Value : rest[0]):X}}}");
            }

            rest = rest[length..];
        }

        return rest.IsEmpty ? clean.ToString() : clean.Append(CultureInfo.InvariantCulture, $"… ({text.Length} characters)").ToString();
    }

    private static bool IsClean(string text)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A half of a surrogate pair is enumerated as the replacement character.
            if (!IsClean(rune) || rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsClean(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
