using System.Text;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>Writes XML documentation.</summary>
internal static class DocumentationWriter
{
    /// <summary>Writes a summary: the comment of the .proto file or, if there is none, a sentence.</summary>
    internal static void Document(this CodeWriter code, string comment, string sentence)
    {
        string[] lines = (comment.Length == 0 ? sentence : comment).Split('\n');
        if (lines.Length == 1)
        {
            code.Line($"/// <summary>{ToXml(lines[0])}</summary>");
            return;
        }

        code.Line("/// <summary>");
        foreach (string line in lines)
        {
            code.Line($"/// {ToXml(line)}".TrimEnd());
        }

        code.Line("/// </summary>");
    }

    /// <summary>Escapes a text for XML.</summary>
    private static string ToXml(string text)
    {
        var xml = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                xml.Append(text, i++, 2);
                continue;
            }

            _ = text[i] switch
            {
                '&' => xml.Append("&amp;"),
                '<' => xml.Append("&lt;"),
                '>' => xml.Append("&gt;"),
                '\t' => xml.Append('\t'),
                char letter => xml.Append(char.IsControl(letter) || char.IsSurrogate(letter) || letter >= '\ufffe' ? '?' : letter),
            };
        }

        return xml.ToString();
    }
}
