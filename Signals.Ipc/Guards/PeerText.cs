using System.Globalization;
using System.Text;

namespace Signals.Ipc.Guards;

/// <summary>Makes text from a peer safe to quote in log lines, exceptions and reasons.</summary>
internal static class PeerText
{
    /// <summary>The maximum number of characters of a text that are quoted.</summary>
    internal const int MaxLength = 200;

    /// <summary>
    /// Returns a text in which all characters are escaped that could end the line, reorder or hide text: control and format characters, line and
    /// paragraph separators, unpaired surrogates. A long text is truncated, and its length is appended.
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
            // An unpaired surrogate is enumerated as the replacement character.
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
