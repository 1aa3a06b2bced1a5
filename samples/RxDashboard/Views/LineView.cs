namespace RxDashboard;

/// <summary>Shows a line of text once a second: for files, pipes and terminals that support only text.</summary>
internal sealed class LineView(TextWriter output, string source) : IDashboardView
{
    public void ShowDuring(Action session)
    {
        output.WriteLine($"{source}.");
        session();
    }

    public IDisposable Subscribe(DashboardPipeline pipeline) => pipeline.EverySecond.Subscribe(Show);

    public void Close(Totals totals) => output.WriteLine(Wording.Summary(totals));

    private void Show(Snapshot now)
    {
        output.WriteLine(
            $"{Wording.Seconds(now.At), 8}  "
                + $"CPU {Wording.Percent(now.Cpu.Now.Average), 7}, peak {Wording.Percent(now.Cpu.Now.Peak), 7}, {Wording.Level(now.Pressure.Level), -9}  "
                + $"memory {Wording.Memory(now.Memory.Now), 21}, {Wording.Percent(now.Memory.Now.Fraction), 7}  "
                + $"heap {Wording.Bytes(now.HeapBytes.Now), 9}, allocating {Wording.Bytes(now.Allocation.Now), 9}/s, "
                + Wording.Count(now.Gc.Collections, "collection")
        );

        // A program that follows the file receives each line immediately.
        output.Flush();
    }
}
