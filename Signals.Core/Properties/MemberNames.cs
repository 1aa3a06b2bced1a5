namespace Signals;

/// <summary>Finds the members of its argument that a lambda reads, in its text.</summary>
internal static class MemberNames
{
    /// <summary>Returns the names of the members, or null if the text does not tell them.</summary>
    /// <param name="lambda">The text, for example "s => s.Name".</param>
    internal static HashSet<string>? ReadBy(string? lambda)
    {
        int arrow = lambda?.IndexOf("=>", StringComparison.Ordinal) ?? -1;
        if (arrow < 0)
        {
            return null;
        }

        string parameter = LastIdentifier(lambda![..arrow]);
        string body = lambda[(arrow + 2)..];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < body.Length; )
        {
            if (!IsPart(body[i]))
            {
                i++;
                continue;
            }

            int start = i;
            i = EndOfIdentifier(body, i);
            bool isMember = start > 0 && body[start - 1] == '.';
            if (isMember || parameter.Length == 0 || body[start..i] != parameter)
            {
                continue;
            }

            int next = SkipBlanks(body, i);
            while (next < body.Length && body[next] is '!' or '?')
            {
                next = SkipBlanks(body, next + 1);
            }

            if (next >= body.Length || body[next] != '.')
            {
                // The object itself is used.
                return null;
            }

            int name = SkipBlanks(body, next + 1);
            i = EndOfIdentifier(body, name);
            names.Add(body[name..i]);
        }

        return names.Count == 0 ? null : names;
    }

    private static string LastIdentifier(string text)
    {
        int end = text.Length;
        while (end > 0 && !IsPart(text[end - 1]))
        {
            end--;
        }

        int start = end;
        while (start > 0 && IsPart(text[start - 1]))
        {
            start--;
        }

        return text[start..end];
    }

    private static int EndOfIdentifier(string text, int start)
    {
        while (start < text.Length && IsPart(text[start]))
        {
            start++;
        }

        return start;
    }

    private static int SkipBlanks(string text, int start)
    {
        while (start < text.Length && char.IsWhiteSpace(text[start]))
        {
            start++;
        }

        return start;
    }

    private static bool IsPart(char character) => char.IsLetterOrDigit(character) || character is '_' or '@';
}
