using NUnit.Framework;
using RxDashboard;
using Spectre.Console;

namespace Signals.Tests.Product.Samples;

public sealed class PictureTests
{
    [Test]
    public void Picture_has_the_width_of_the_terminal([Values(60, 80, 131, 600)] int width)
    {
        string[] lines = Draw(width, 24, points: 500);
        Assert.That(lines.Take(lines.Length - 1), Has.All.Length.EqualTo(width));
    }

    [TestCase(24, 2)]
    [TestCase(18, 1)]
    [TestCase(50, 4)]
    public void Picture_is_lower_than_the_terminal_and_a_high_one_gets_high_charts(int height, int unit)
    {
        string[] lines = Draw(80, height, points: 500);
        Assert.That(lines, Has.Length.LessThan(height));
        Assert.That(lines.Count(line => line.Contains('█')), Is.EqualTo(5 * unit));
    }

    [Test]
    public void Charts_fill_from_the_right()
    {
        string[] lines = Draw(80, 24, points: 3);
        Assert.That(lines.Where(line => line.Contains('█')), Has.All.EndsWith("  ███ │"));
    }

    /// <summary>Draws charts that are completely filled.</summary>
    private static string[] Draw(int width, int height, int points)
    {
        double[] full = [.. Enumerable.Repeat(1.0, points)];
        var snapshot = new Snapshot(
            TimeSpan.FromSeconds(100),
            new Tracked<CpuLoad>(new CpuLoad(1, 1), full),
            new Tracked<MemoryUse>(new MemoryUse(1023L << 30, 1023L << 30), full),
            new GcCounters(1023L << 20, 1023L << 30, 12_345, 123, TimeSpan.FromSeconds(1)),
            new Tracked<long>(1023L << 20, full),
            new Tracked<double>(1023L << 20, full),
            new CollectionLog(default, TimeSpan.FromMilliseconds(1_234.5)),
            new Pressure(PressureLevel.Saturated, TimeSpan.FromSeconds(86_400))
        );
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = width;
        console.Write(Picture.Of(snapshot, "A test", height));
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd('\r'))];
    }
}
