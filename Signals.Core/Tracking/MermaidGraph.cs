using System.Globalization;
using System.Text;

namespace Signals;

/// <summary>Draws a snapshot as a Mermaid flowchart.</summary>
internal sealed class MermaidGraph : SnapshotGraph
{
    private protected override void Begin() => Text.Append("flowchart LR\n");

    private protected override void Node(string id, NodeShape shape, string label)
    {
        (string open, string close) = shape switch
        {
            NodeShape.Signal => ("([", "])"),
            NodeShape.Evaluator => ("[[", "]]"),
            NodeShape.Import => ("[/", "/]"),
            _ => ("[", "]"),
        };
        Text.Append(CultureInfo.InvariantCulture, $"    {id}{open}\"{Escape(label)}\"{close}\n");
    }

    private protected override void Arrow(string from, string to, string label, bool isDotted) =>
        Text.Append(CultureInfo.InvariantCulture, $"    {from} {(isDotted ? "-.->" : "-->")}|\"{Escape(label)}\"| {to}\n");

    private protected override void End() { }

    /// <summary>Writes all characters that have a meaning in labels, or in the HTML and Markdown that labels may contain, as their numbers.</summary>
    private static string Escape(string label)
    {
        var escaped = new StringBuilder();
        foreach (char c in label.TrimEnd('\n'))
        {
            if (c == '\n')
            {
                escaped.Append("<br/>");
            }
            else if (char.IsControl(c))
            {
                escaped.Append(' ');
            }
            else if (char.IsAscii(c) && !char.IsLetterOrDigit(c) && !" .,:()".Contains(c, StringComparison.Ordinal))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"#{(int)c};");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }
}
