using System.Diagnostics;
using System.Globalization;

namespace Signals.Benchmarks.Compare;

/// <summary>Prints rows as they are measured, and a summary of them.</summary>
/// <param name="output">The destination.</param>
/// <param name="columns">The columns of the peers.</param>
internal sealed class Table(TextWriter output, IReadOnlyList<Column> columns)
{
    private const int MeasureWidth = 58;
    private const int UnitWidth = 12;
    private const int FigureWidth = 9;
    private const int GoalWidth = 32;
    private const int RatioWidth = 7;
    private const int MetWidth = 5;

    /// <summary>The figure of a peer below which ratios to it are meaningless.</summary>
    private const double Negligible = 0.1;

    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<Row> _rows = [];

    internal void PrintHeader(string explanation)
    {
        output.WriteLine(explanation);
        output.WriteLine();
        PrintLine("measure", "unit", "Signals", columns.Select(column => column.Title), "goal", "/ goal", "met");
        int peersWidth = columns.Sum(column => column.Width);
        output.WriteLine(new string('-', MeasureWidth + UnitWidth + FigureWidth + peersWidth + 2 + GoalWidth + RatioWidth + MetWidth));
    }

    internal void Add(Row row)
    {
        _rows.Add(row);
        PrintLine(
            row.Measure,
            row.Unit,
            Format(row.Ours),
            columns.Select(column => Describe(row, column.Kinds)),
            row.DescribedGoal,
            row.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
            row.IsMet ? "yes" : "no"
        );
    }

    /// <summary>The rows that have been measured.</summary>
    internal IReadOnlyList<Row> Rows => _rows;

    internal void PrintSummary()
    {
        Row[] missed = [.. _rows.Where(row => !row.IsMet)];
        string which = missed.Length == 0 ? "" : $"; not met: {string.Join("; ", missed.Select(row => $"{row.Measure}, {row.Unit}"))}";
        double seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_rows.Count - missed.Length} of {_rows.Count} goals met in {seconds:0} s{which}"));
    }

    private static string Describe(Row row, PeerKind[] kinds) =>
        string.Join(
            ", ",
            row.Peers.Where(peer => kinds.Contains(peer.Kind))
                .Select(peer =>
                {
                    string ratio = peer.Figure < Negligible ? "" : $" ({(row.Ours / peer.Figure).ToString("0.00", CultureInfo.InvariantCulture)}x)";
                    string label = peer.Label is null ? "" : $"{peer.Label} ";
                    return $"{label}{Format(peer.Figure)}{ratio}";
                })
        );

    private static string Format(double figure) =>
        figure.ToString(
            figure >= 1_000 ? "#,0"
                : figure >= 100 ? "0"
                : "0.0#",
            CultureInfo.InvariantCulture
        );

    private void PrintLine(string measure, string unit, string ours, IEnumerable<string> ofPeers, string goal, string ratio, string met) =>
        output.WriteLine(
            measure.PadRight(MeasureWidth)
                + unit.PadRight(UnitWidth)
                + ours.PadLeft(FigureWidth)
                + string.Concat(columns.Zip(ofPeers, (column, text) => text.PadLeft(column.Width)))
                + "  "
                + goal.PadRight(GoalWidth)
                + ratio.PadLeft(RatioWidth)
                + "  "
                + met
        );
}
