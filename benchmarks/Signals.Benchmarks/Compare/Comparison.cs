using System.Globalization;
using System.Runtime;

namespace Signals.Benchmarks.Compare;

/// <summary>A table of the library and its peers, which is measured and printed part by part.</summary>
/// <param name="parts">The parts of the table by name.</param>
/// <param name="columns">The columns of the peers.</param>
/// <param name="explanation">The text above the table.</param>
internal sealed class Comparison((string Name, Action<Table> AddTo)[] parts, Column[] columns, string explanation)
{
    /// <summary>Gets the description of how all tables are measured.</summary>
    internal static string Method { get; } =
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            medians of rounds in which all contenders of a row take turns, .NET {Environment.Version}, {Environment.ProcessorCount} processors.
            Rounds in which other processes used the processors are excluded if enough others remain.
            In parentheses after a peer's figure: the ratio of the figure of Signals to it. "/ goal": the ratio to the goal, which decides the last column.
            """
        );

    internal required string ChartFile { get; init; }

    internal string ChartTitle { get; init; } = "Time relative to Signals (less is better, logarithmic)";

    /// <summary>Gets the unit of the rows that the chart shows, or null for all rows.</summary>
    internal string? ChartUnit { get; init; } = "ns";

    internal IEnumerable<string> PartNames => parts.Select(static part => part.Name);

    /// <summary>Measures and prints the requested parts, or all. Returns false if a part does not exist.</summary>
    /// <param name="names">The parts, or none for all.</param>
    /// <param name="charts">The folder in which the chart is written, or null for none.</param>
    internal bool TryRun(string[] names, string? charts)
    {
        if (names.Except(PartNames).Any())
        {
            return false;
        }

        GCSettings.LatencyMode = GCLatencyMode.Batch;
        var table = new Table(Console.Out, columns);
        table.PrintHeader(explanation);
        foreach ((string name, Action<Table> addTo) in parts)
        {
            if (names.Length == 0 || names.Contains(name))
            {
                addTo(table);
            }
        }

        table.PrintSummary();
        if (charts is not null)
        {
            Row[] shown = [.. table.Rows.Where(row => ChartUnit is null || row.Unit == ChartUnit)];
            Chart.Save(Path.Combine(charts, ChartFile), ChartTitle, shown, columns);
        }

        return true;
    }
}
