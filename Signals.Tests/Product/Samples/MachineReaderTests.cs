using NUnit.Framework;
using RxDashboard;

namespace Signals.Tests.Product.Samples;

public sealed class MachineReaderTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("proc-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Proc_is_read_from_its_files()
    {
        Write("stat", "cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 10 0 10 80 0 0 0 0 0 0\nintr 5\n");
        Write("meminfo", "MemTotal: 4 kB\nMemAvailable: 3 kB\n");
        var reader = new ProcReader(_folder);
        Assert.That(reader.IsAvailable);
        Assert.That(reader.ReadCpu(), Is.EqualTo(new CpuTimes(20, 100)));
        Assert.That(reader.ReadMemory(), Is.EqualTo(new MemoryUse(1024, 4096)));
    }

    [Test]
    public void Proc_is_not_available_without_its_files()
    {
        Assert.That(new ProcReader(_folder).IsAvailable, Is.False);
        Write("stat", "");
        Assert.That(new ProcReader(_folder).IsAvailable, Is.False);
        Assert.That(() => new ProcReader(_folder).ReadCpu(), Throws.TypeOf<FormatException>());
    }

    [Test]
    public void Runtime_provides_enough_figures_without_proc()
    {
        var time = new FakeTime();
        var reader = new RuntimeReader(time);
        CpuTimes before = reader.ReadCpu();
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(reader.ReadCpu().Total - before.Total, Is.EqualTo(TimeSpan.FromSeconds(2).Ticks * Environment.ProcessorCount));
        Assert.That(before.Busy, Is.Positive);
        Assert.That(reader.ReadMemory().Used, Is.Positive);
        Assert.That(reader.ReadMemory().Fraction, Is.GreaterThan(0).And.LessThan(1));
        Assert.That(reader.ReadGc().HeapBytes, Is.Positive);
        Assert.That(reader.Source, Does.Contain("no /proc"));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
