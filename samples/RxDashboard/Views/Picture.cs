using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxDashboard;

/// <summary>Draws a snapshot.</summary>
internal static class Picture
{
    private const int NumbersWidth = 28;

    /// <summary>The number of lines besides the charts: the borders, the header, the lines below the charts, and the line of the cursor.</summary>
    private const int LinesAround = 10;

    /// <summary>The total height of the charts in units: two for the first chart, and one for each of the others.</summary>
    private const int Units = 5;

    private const int HighestUnit = 4;

    private static readonly Style Fine = new(Color.Green);
    private static readonly Style Warning = new(Color.Yellow);
    private static readonly Style Alarm = new(Color.Red);
    private static readonly Style Heap = new(Color.DeepSkyBlue1);
    private static readonly Style Allocation = new(Color.MediumPurple);
    private static readonly Style Detail = new(Color.Grey);
    private static readonly Style Name = new(decoration: Decoration.Bold);

    /// <summary>Draws a snapshot in the available width.</summary>
    /// <param name="now">The snapshot.</param>
    /// <param name="source">The source of its figures.</param>
    /// <param name="terminalHeight">The number of lines of the terminal. A higher terminal has higher charts; 24 lines show everything.</param>
    internal static IRenderable Of(Snapshot now, string source, int terminalHeight)
    {
        int unit = Math.Clamp((terminalHeight - LinesAround) / Units, 1, HighestUnit);
        Table table = new Table()
            .Border(TableBorder.Rounded)
            .BorderColor(Color.Grey)
            .Expand()
            .ShowRowSeparators()
            .AddColumn(new TableColumn($"[bold]RxDashboard[/] {Wording.Seconds(now.At)}").Width(NumbersWidth).NoWrap())
            .AddColumn(new TableColumn("[grey]4 columns a second, Ctrl+C ends[/]").RightAligned());

        CpuLoad cpu = now.Cpu.Now;
        table.AddRow(
            Numbers("CPU", Wording.Percent(cpu.Average), StyleOf(cpu.Average), $"peak {Wording.Percent(cpu.Peak)}", TextOf(now.Pressure)),
            new Chart(now.Cpu.Curve, 1, 2 * unit, StyleOf)
        );

        MemoryUse memory = now.Memory.Now;
        table.AddRow(
            Numbers("Memory", Wording.Percent(memory.Fraction), StyleOf(memory.Fraction), Wording.Memory(memory)),
            new Chart(now.Memory.Curve, 1, unit, StyleOf)
        );

        string collections = $"{Wording.Count(now.Gc.Collections, "collection")}, {now.Gc.FullCollections:N0} full";
        table.AddRow(Numbers("GC heap", Wording.Bytes(now.HeapBytes.Now), Heap, collections), new Chart(now.HeapBytes.Curve, null, unit, _ => Heap));

        string pause = now.Gc.Collections == 0 ? "no pause yet" : $"last pause {Wording.Milliseconds(now.Collections.LastPause)}";
        table.AddRow(
            Numbers("Allocating", $"{Wording.Bytes(now.Allocation.Now)}/s", Allocation, pause),
            new Chart(now.Allocation.Curve, null, unit, _ => Allocation)
        );
        return new Rows(table, new Text($"{source}.", Detail));
    }

    private static Rows Numbers(string name, string value, Style style, params string[] details)
    {
        Grid head = new Grid { Width = NumbersWidth, Expand = true }
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(0))
            .AddRow(new Text(name, Name), new Text(value, style));
        return new Rows([head, .. details.Select(detail => new Text(detail, Detail).RightJustified())]);
    }

    private static string TextOf(Pressure pressure) =>
        pressure.Level == PressureLevel.Unsettled
            ? Wording.Level(pressure.Level)
            : $"{Wording.Level(pressure.Level)} since {Wording.Seconds(pressure.Since)}";

    private static Style StyleOf(double load) =>
        PressureLevels.Of(load) switch
        {
            PressureLevel.Saturated => Alarm,
            PressureLevel.Busy => Warning,
            _ => Fine,
        };
}
