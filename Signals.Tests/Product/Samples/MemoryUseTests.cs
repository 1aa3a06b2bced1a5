using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class MemoryUseTests
{
    [Test]
    public void Used_memory_excludes_available_memory_of_proc_meminfo()
    {
        string[] lines =
        [
            "MemTotal:       24683656 kB",
            "MemFree:        22797656 kB",
            "MemAvailable:   23617876 kB",
            "Active(anon):      37524 kB",
            "HugePages_Total:       0",
        ];
        var memory = MemoryUse.Parse(lines);
        Assert.That(memory, Is.EqualTo(new MemoryUse((24_683_656L - 23_617_876) * 1024, 24_683_656L * 1024)));
        Assert.That(memory.Fraction, Is.EqualTo(0.0432).Within(0.0001));
    }

    [TestCase("MemTotal: 100 kB", "MemAvailable", TestName = "Missing_size_is_named")]
    [TestCase("MemAvailable: 100 kB", "MemTotal", TestName = "Missing_total_is_named")]
    [TestCase("MemTotal: 100 kB|MemAvailable: many kB", "MemAvailable", TestName = "Size_that_is_no_number_is_named")]
    [TestCase("MemTotal: 100 MB|MemAvailable: 1 kB", "MemTotal", TestName = "Size_in_another_unit_is_named")]
    [TestCase("MemTotal:|MemAvailable: 1 kB", "MemTotal", TestName = "Size_that_is_empty_is_named")]
    public void Other_files_are_refused(string lines, string named) =>
        Assert.That(() => MemoryUse.Parse(lines.Split('|')), Throws.TypeOf<FormatException>().With.Message.Contains(named));

    [Test]
    public void Nothing_of_nothing_is_in_use() => Assert.That(new MemoryUse(0, 0).Fraction, Is.Zero);
}
