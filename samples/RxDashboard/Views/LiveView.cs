using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxDashboard;

/// <summary>Shows the dashboard in a terminal, drawn anew for each look. Everything runs on the thread that shows it.</summary>
internal sealed class LiveView(IAnsiConsole console, string source) : IDashboardView
{
    private const int NumbersWidth = 28;

    /// <summary>The lines that are there whatever the charts' height: borders, header, what is below, and the cursor's.</summary>
    private const int LinesAround = 10;

    private const int HighestUnit = 4;

    private static readonly Style Fine = new(Color.Green);
    private static readonly Style Warning = new(Color.Yellow);
    private static readonly Style Alarm = new(Color.Red);
    private static readonly Style Heap = new(Color.DeepSkyBlue1);
    private static readonly Style Allocation = new(Color.MediumPurple);

    private LiveDisplayContext? _display;
    private (int Width, int Height) _size;

    public void ShowDuring(Action session)
    {
        console
            .Live(new Text("Measuring the first second."))
            .Start(display =>
            {
                _display = display;
                session();
            });
        _display = null;
    }

    public IDisposable Subscribe(DashboardPipeline pipeline) => pipeline.Snapshots.Subscribe(Show);

    public void Close(Totals totals) => console.WriteLine(Wording.Summary(totals));

    private void Show(Snapshot now)
    {
        (int Width, int Height) size = (console.Profile.Width, console.Profile.Height);
        if (size != _size && _size != default)
        {
            // The terminal has broken the lines anew: what is there does not lie where the next drawing would cover it.
            console.Clear();
        }

        _size = size;
        _display?.UpdateTarget(Draw(now));
    }

    private Rows Draw(Snapshot now)
    {
        // A high terminal gets high charts; one as low as 24 lines still shows everything.
        int unit = Math.Clamp((_size.Height - LinesAround) / 5, 1, HighestUnit);
        Table table = new Table()
            .Border(TableBorder.Rounded)
            .BorderColor(Color.Grey)
            .Expand()
            .ShowRowSeparators()
            .AddColumn(new TableColumn($"[bold]RxDashboard[/] {Wording.Seconds(now.At)}").Width(NumbersWidth).NoWrap())
            .AddColumn(new TableColumn("[grey]newest at the right, 4 columns a second[/]").RightAligned());

        CpuLoad cpu = now.Cpu.Now;
        AddRow(
            table,
            Numbers("CPU", Wording.Percent(cpu.Average), StyleOfLoad(cpu.Average), $"peak {Wording.Percent(cpu.Peak)}", Pressure(now.Pressure)),
            new Chart(now.Cpu.Curve, 1, 2 * unit, StyleOfLoad)
        );

        MemoryUse memory = now.Memory.Now;
        AddRow(
            table,
            Numbers("Memory", Wording.Percent(memory.Fraction), StyleOfLoad(memory.Fraction), Wording.Memory(memory)),
            new Chart(now.Memory.Curve, 1, unit, StyleOfLoad)
        );

        AddRow(
            table,
            Numbers("GC heap", Wording.Bytes(now.HeapBytes.Now), Heap, $"{Wording.Count(now.Gc.Collections, "collection")}, {now.Gc.FullCollections:N0} full"),
            new Chart(now.HeapBytes.Curve, now.HeapBytes.Curve.Max(), unit, _ => Heap)
        );
        AddRow(
            table,
            Numbers(
                "Allocating",
                $"{Wording.Bytes(now.Allocation.Now)}/s",
                Allocation,
                now.Gc.Collections == 0 ? "no pause yet" : $"last pause {Wording.Milliseconds(now.Collections.LastPause)}"
            ),
            new Chart(now.Allocation.Curve, now.Allocation.Curve.Max(), unit, _ => Allocation)
        );
        return new Rows(table, new Text($"{source}. Ctrl+C ends.", new Style(Color.Grey)));
    }

    private static void AddRow(Table table, IRenderable numbers, Chart chart) => table.AddRow(numbers, chart);

    private static Rows Numbers(string name, string value, Style style, params string[] details)
    {
        Grid head = new Grid { Width = NumbersWidth, Expand = true }
            .AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(1))
            .AddColumn(new GridColumn().NoWrap().RightAligned().PadLeft(0).PadRight(0))
            .AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value, style));
        return new Rows([head, .. details.Select(detail => new Text(detail, new Style(Color.Grey)).RightJustified())]);
    }

    private static string Pressure(Pressure pressure) =>
        pressure.Level == PressureLevel.Unsettled
            ? Wording.Level(pressure.Level)
            : $"{Wording.Level(pressure.Level)} since {Wording.Seconds(pressure.Since)}";

    private static Style StyleOfLoad(double load) =>
        PressureLevels.Of(load) switch
        {
            PressureLevel.Saturated => Alarm,
            PressureLevel.Busy => Warning,
            _ => Fine,
        };
}
