using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Signals.Benchmarks.Compare;

/// <summary>Draws the rows of a table as horizontal bars: the figures of the peers, or the goal if there are no peers, relative to Signals.</summary>
internal static class Chart
{
    private const int Width = 1000;
    private const int RowHeight = 60;
    private const int Margins = 130;

    /// <summary>The share of a row that its bars take; the rest is the gap to the next one.</summary>
    private const double RowShare = 0.8;

    /// <summary>The figure below which ratios to it are meaningless.</summary>
    private const double Negligible = 0.1;

    /// <summary>The ratio at which the axis begins.</summary>
    private const double Least = 0.1;

    /// <summary>Writes a chart as an SVG file.</summary>
    /// <param name="path">The file, which is overwritten.</param>
    /// <param name="title">The title of the chart.</param>
    /// <param name="rows">The rows. Those whose figures are nearly zero are left out.</param>
    /// <param name="columns">The peers, as the table shows them.</param>
    internal static void Save(string path, string title, IEnumerable<Row> rows, IReadOnlyList<Column> columns)
    {
        Row[] shown = [.. rows.Where(row => row.Ours >= Negligible && row.Bound >= Negligible).Reverse()];
        using var plot = new Plot();
        string[] names = ["Signals", .. columns.Select(column => column.Title), "goal"];
        var palette = new ScottPlot.Palettes.ColorblindFriendly();
        int[] used = [.. Enumerable.Range(0, names.Length).Where(series => shown.Any(row => FiguresOf(row, columns, series).Any()))];
        double size = RowShare / used.Length;
        double most = 1;
        for (int place = 0; place < used.Length; place++)
        {
            Bar[] bars = [.. BarsOf(shown, columns, used[place], ((used.Length - 1) / 2.0 - place) * size, size, palette.GetColor(place))];
            BarPlot added = plot.Add.Bars(bars);
            added.LegendText = names[used[place]];
            added.Horizontal = true;
            most = Math.Max(most, bars.Max(bar => Least * Math.Pow(10, bar.Value)));
        }

        double[] ticks = [.. Enumerable.Range(-1, 8).Select(power => Math.Pow(10, power)).Where(tick => tick <= most)];
        plot.Axes.Left.SetTicks([.. shown.Select((_, index) => (double)index)], [.. shown.Select(row => $"{row.Measure}: {Text(row.Ours)} {row.Unit}")]);
        plot.Axes.Bottom.SetTicks([.. ticks.Select(Position)], [.. ticks.Select(tick => $"{Text(tick)}x")]);
        plot.Axes.SetLimits(0, Position(most) + 0.4, -0.5, shown.Length - 0.5);
        plot.HideGrid();
        plot.Add.VerticalLine(Position(1), 1, Colors.Gray);
        plot.Title(title);
        plot.ShowLegend(Edge.Bottom);
        plot.SaveSvg(path, Width, Margins + RowHeight * shown.Length);
    }

    private static IEnumerable<Bar> BarsOf(Row[] rows, IReadOnlyList<Column> columns, int series, double offset, double size, Color color)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            foreach (double figure in FiguresOf(rows[i], columns, series))
            {
                double ratio = figure / rows[i].Ours;
                yield return new Bar
                {
                    Position = i + offset,
                    Value = Position(ratio),
                    Size = size,
                    FillColor = color,
                    LineWidth = 0,
                    Label = series == 0 ? "" : $"{Text(ratio)}x",
                };
            }
        }
    }

    /// <summary>Returns the figures of a series: Signals, then each column of the table, then the goal.</summary>
    private static IEnumerable<double> FiguresOf(Row row, IReadOnlyList<Column> columns, int series)
    {
        if (series == 0)
        {
            return [row.Ours];
        }

        if (series > columns.Count)
        {
            return row.Peers.Count == 0 ? [row.Bound] : [];
        }

        return row
            .Peers.Where(peer => columns[series - 1].Kinds.Contains(peer.Kind) && peer.Kind != PeerKind.Floor && peer.Figure >= Negligible)
            .Select(peer => peer.Figure);
    }

    /// <summary>Returns the position of a ratio on the logarithmic axis.</summary>
    private static double Position(double ratio) => Math.Max(0, Math.Log10(ratio / Least));

    private static string Text(double value) =>
        value.ToString(
            value >= 100 ? "#,0"
                : value >= 10 ? "0.#"
                : "0.##",
            CultureInfo.InvariantCulture
        );
}
