using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Signals.Tests.Tracking;

[NonParallelizable]
public sealed partial class GraphTests
{
    private static readonly string[] Header = ["digraph signals {", "    rankdir=LR;"];

    private const string Odd = "a\"b\\c<d>`e`|f]g}h;i#j&k\nl\r\0é";

    [Test]
    public void V8_a_mermaid_diagram_has_a_node_for_each_object_and_an_arrow_for_each_connection()
    {
        (SignalSnapshot snapshot, string name) = TakeScene();

        string text = snapshot.ToMermaid();

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Is.EqualTo("flowchart LR"));
        Assert.That(lines.Skip(1), Is.All.Match(MermaidLine().ToString()), "Each line is a node or an arrow whose label has no character with a meaning.");
        long id = snapshot.Signal(name).Id;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                lines,
                Has.One.EqualTo($"    s{id}([\"a#34;b#92;c#60;d#62;#96;e#96;#124;f#93;g#125;h#59;i#35;j#38;k<br/>l  é<br/>Signal#60;Int32#62;\"])")
            );
            Assert.That(lines.Count(line => line.StartsWith($"    s{id} -->", StringComparison.Ordinal)), Is.EqualTo(3));
            Assert.That(lines.Count(static line => line.Contains("-.->", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(1));
        }
    }

    [Test]
    public void V8_a_dot_graph_has_a_node_for_each_object_and_an_arrow_for_each_connection()
    {
        (SignalSnapshot snapshot, string name) = TakeScene();

        string text = snapshot.ToDot();

        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[..2], Is.EqualTo(Header));
        Assert.That(lines[^1], Is.EqualTo("}"));
        Assert.That(lines[2..^1], Is.All.Match(DotLine().ToString()), "Each line is a node or an edge, and strings end where they should.");
        long id = snapshot.Signal(name).Id;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.One.EqualTo($"    s{id} [shape=ellipse, label=\"a\\\"b\\\\c<d>`e`|f]g}}h;i#j&k\\nl  é\\nSignal<Int32>\"];"));
            Assert.That(lines.Count(line => line.StartsWith($"    s{id} -> ", StringComparison.Ordinal)), Is.EqualTo(3));
        }
    }

    /// <summary>Every arrow leads from a node of the diagram to another one.</summary>
    [Test]
    public void V8_the_nodes_of_all_arrows_exist()
    {
        (SignalSnapshot snapshot, _) = TakeScene();
        string[] lines = snapshot.ToDot().Split('\n');
        string[] nodes =
        [
            .. lines
                .Select(static line => Regex.Match(line, @"^    (\w+) \[shape"))
                .Where(static match => match.Success)
                .Select(static match => match.Groups[1].Value),
        ];
        Match[] arrows = [.. lines.Select(static line => Regex.Match(line, @"^    (\w+) -> (\w+) \[")).Where(static match => match.Success)];

        Assert.That(nodes, Is.Unique);
        Assert.That(arrows.SelectMany(static arrow => new[] { arrow.Groups[1].Value, arrow.Groups[2].Value }).Distinct(), Is.SubsetOf(nodes));
    }

    private static (SignalSnapshot Snapshot, string Name) TakeScene()
    {
        using var signal = new Signal<int>(new SignalOptions { Name = Odd });
        using var chained = new Signal<int>();
        using var evaluator = new ThreadEvaluator("\"quoted\"");
        using TrackedImport import = SignalTracker.TrackImport("plant.<temperature>");
        import.State = "Live";
        signal.Connect(static _ => { });
        signal.Connect(chained);
        signal.ConnectDeferred(evaluator, static _ => { });
        return (SignalTracker.Snapshot(), Odd);
    }

    [GeneratedRegex("""^    (\w+(\(\[|\[\[|\[/|\[)"([\w .,:()]|#\d+;|<br/>)*"(\]\)|\]\]|/\]|\])|\w+ (-->|-\.->)\|"([\w .,:()]|#\d+;|<br/>)*"\| \w+)$""")]
    private static partial Regex MermaidLine();

    [GeneratedRegex("""^    \w+ (-> \w+ )?\[(shape=\w+, )?label="([^"\\]|\\["\\n])*"(, style=dotted)?\];$""")]
    private static partial Regex DotLine();
}
