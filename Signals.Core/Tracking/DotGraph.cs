using System.Globalization;
using System.Text;

namespace Signals;

/// <summary>Draws a snapshot as a graph in the DOT language.</summary>
internal sealed class DotGraph : SnapshotGraph
{
    private protected override void Begin() => Text.Append("digraph signals {\n    rankdir=LR;\n");

    private protected override void Node(string id, NodeShape shape, string label)
    {
        string name = shape switch
        {
            NodeShape.Signal => "ellipse",
            NodeShape.Evaluator => "box3d",
            NodeShape.Import => "parallelogram",
            _ => "box",
        };
        Text.Append(CultureInfo.InvariantCulture, $"    {id} [shape={name}, label=\"{Escape(label)}\"];\n");
    }

    private protected override void Arrow(string from, string to, string label, bool isDotted) =>
        Text.Append(CultureInfo.InvariantCulture, $"    {from} -> {to} [label=\"{Escape(label)}\"{(isDotted ? ", style=dotted" : "")}];\n");

    private protected override void End() => Text.Append("}\n");

    private static string Escape(string label)
    {
        var escaped = new StringBuilder();
        foreach (char c in label.TrimEnd('\n'))
        {
            switch (c)
            {
                case '"' or '\\':
                    escaped.Append('\\').Append(c);
                    break;
                case '\n':
                    escaped.Append("\\n");
                    break;
                default:
                    escaped.Append(char.IsControl(c) ? ' ' : c);
                    break;
            }
        }

        return escaped.ToString();
    }
}
