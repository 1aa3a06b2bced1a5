using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class CpuTimesTests
{
    [TestCase("cpu  100 20 30 400 50 6 7 8 60 10", 171, 621, TestName = "Guests_are_counted_once_and_idle_and_disk_time_is_not_busy")]
    [TestCase("cpu 100 20 30 400", 150, 550, TestName = "Old_kernels_have_four_columns")]
    [TestCase("cpu  1 2 3 4 5 6 7 8 9 10 11 12", 27, 36, TestName = "Columns_of_later_kernels_are_left_out")]
    [TestCase("cpu  9000000000000 0 0 1 0 0 0 0 0 0", 9_000_000_000_000, 9_000_000_000_001, TestName = "Times_are_longer_than_an_int")]
    public void Line_of_proc_stat_is_read(string line, long busy, long total) => Assert.That(CpuTimes.Parse(line), Is.EqualTo(new CpuTimes(busy, total)));

    [TestCase("")]
    [TestCase("cpu")]
    [TestCase("cpu  1 2 3")]
    [TestCase("cpu0 1 2 3 4 5 6 7 8 9 10")]
    [TestCase("intr 1 2 3 4 5")]
    [TestCase("cpu  1 2 three 4 5")]
    [TestCase("cpu  1 -2 3 4 5")]
    [TestCase("cpu  1 2 3 99999999999999999999")]
    public void Other_lines_are_refused_and_quoted(string line) =>
        Assert.That(() => CpuTimes.Parse(line), Throws.TypeOf<FormatException>().With.Message.Contains("/proc/stat"));

    [Test]
    public void Load_is_the_busy_part_of_the_time_between_two_measurements()
    {
        var first = new CpuStep(new CpuTimes(1_000, 5_000), 0);
        CpuStep second = first.Next(new CpuTimes(1_030, 5_100));
        Assert.That(second, Is.EqualTo(new CpuStep(new CpuTimes(1_030, 5_100), 0.3)));
    }

    [Test]
    public void Load_is_unchanged_if_no_time_has_passed()
    {
        var step = new CpuStep(new CpuTimes(1_000, 5_000), 0.4);
        Assert.That(step.Next(step.Times), Is.EqualTo(step));
    }

    [TestCase(990, 0.0)]
    [TestCase(1_150, 1.0)]
    public void Load_is_always_between_0_and_1(long busy, double expected) =>
        Assert.That(new CpuStep(new CpuTimes(1_000, 5_000), 0).Next(new CpuTimes(busy, 5_100)).Load, Is.EqualTo(expected));
}
