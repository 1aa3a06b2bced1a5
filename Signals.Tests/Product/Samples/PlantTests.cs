using NUnit.Framework;
using Plant;
using Plant.Logger;
using Signals.Remote;

namespace Signals.Tests.Product.Samples;

/// <summary>samples/Plant behaves as the README describes, and its exit code reports whether what it tells has happened.</summary>
[Platform("Linux")]
public sealed class PlantTests
{
    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task Story_exits_with_0()
    {
        using var story = SampleProcess.StartPlant();
        Assert.That(await story.ExitAsync(), Is.Zero, story.Output + story.Errors);
        Assert.That(
            story.Output,
            Does.Contain(" Waiting")
                .And.Contain(" Live")
                .And.Contain("is refused")
                .And.Contain("Overflow")
                .And.Contain("every gap was told")
                .And.Contain("was killed")
                .And.Contain(" Stale")
                .And.Contain("(Restarted)")
                .And.Contain($",{Names.Lateness},missed,,Restarted")
        );
    }

    [Test]
    public async Task Logger_writes_the_values_of_sensors_that_start_later_and_are_killed()
    {
        string file = $"{_path.Text}.csv";
        using var logger = SampleProcess.StartPlant("logger", "--socket", _path.Text, "--file", file, "--names", $"{Names.CpuLoad},{Names.Lateness},x");
        try
        {
            await logger.WaitForAsync($"{Names.Lateness} is Waiting");
            using (SampleProcess sensors = await StartSensorsAsync())
            {
                await logger.WaitForAsync($"{Names.Lateness} is Live");
            }

            await logger.WaitForAsync($"{Names.Lateness} is Stale");
            logger.Send("TERM");
            Assert.That(await logger.ExitAsync(), Is.Zero, logger.Errors);
            string[] rows = await File.ReadAllLinesAsync(file);
            Assert.That(rows, Has.Some.Contains($",{Names.CpuLoad},value,,").And.Some.Contains(",x,state,,Waiting"));
            Assert.That(CsvCheck.Read(rows), Has.Property(nameof(NumberedValues.IsBroken)).False.And.Property(nameof(NumberedValues.Missed)).Zero);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Sensors_that_are_stopped_exit_with_0()
    {
        using SampleProcess sensors = await StartSensorsAsync();
        sensors.Send("TERM");
        Assert.That(await sensors.ExitAsync(), Is.Zero, sensors.Errors);
    }

    [Test]
    public async Task Panel_of_the_local_exchange_needs_no_socket()
    {
        using var panel = SampleProcess.StartPlant("panel", "--local", "--page", "sensors");
        await panel.WaitForAsync("): 7 Live");
        panel.Type("set 100");
        await panel.WaitForAsync("measure every 0.1 s");
        panel.Type("q");
        Assert.That(await panel.ExitAsync(), Is.Zero, panel.Errors);
    }

    [Test]
    public async Task N7_panel_receives_through_a_hub_what_another_client_exports()
    {
        using var hub = SampleProcess.StartPlant("hub", "--socket", _path.Text);
        await hub.WaitForAsync("relays at");
        using var panel = SampleProcess.StartPlant("panel", "--socket", _path.Text, "--page", "sensors");
        using var sensors = SampleProcess.StartPlant("sensors", "--hub", "--socket", _path.Text);
        await panel.WaitForAsync("): 7 Live");
        panel.Type("set 100");
        await panel.WaitForAsync("measure every 0.1 s");
        panel.Type("set 1");
        await panel.WaitForAsync("is refused");
        sensors.Send("TERM");
        Assert.That(await sensors.ExitAsync(), Is.Zero, sensors.Errors);
        await panel.WaitForAsync("): 7 Waiting");
        using var restarted = SampleProcess.StartPlant("sensors", "--hub", "--socket", _path.Text);
        panel.Type("page memory");
        await panel.WaitForAsync("): 14 Live");
        panel.Type("q");
        Assert.That(await panel.ExitAsync(), Is.Zero, panel.Errors);
        hub.Send("TERM");
        Assert.That(await hub.ExitAsync(), Is.Zero, hub.Errors);
    }

    [TestCase("serve")]
    [TestCase("hub", "--hub")]
    [TestCase("panel", "--socket")]
    [TestCase("panel", "--file", "x")]
    [TestCase("sensors", "--process", "x")]
    public async Task Invalid_arguments_print_the_usage(params string[] arguments)
    {
        using var misused = SampleProcess.StartPlant(arguments);
        Assert.That(await misused.ExitAsync(), Is.EqualTo(2));
        Assert.That(misused.Errors, Does.Contain("Usage:"));
    }

    [TestCase(1, 3, 5, ExpectedResult = true)]
    [TestCase(1, 3, 6, ExpectedResult = false)]
    [TestCase(1, 3, 2, ExpectedResult = false)]
    public bool Numbers_and_gaps_must_add_up(int first, int missed, int second)
    {
        var numbers = new NumberedValues();
        numbers.Add(first);
        numbers.Add(new Missed(missed, MissedCause.Overflow));
        numbers.Add(second);
        return !numbers.IsBroken;
    }

    [Test]
    public void Numbers_after_a_restart_may_be_any()
    {
        var numbers = new NumberedValues();
        numbers.Add(7);
        numbers.Add(new Missed(null, MissedCause.Restarted));
        numbers.Add(1);
        Assert.That((numbers.IsBroken, numbers.Restarts), Is.EqualTo((false, 1)));
    }

    [TestCase("/", ExpectedResult = "root")]
    [TestCase("C:\\", ExpectedResult = "c")]
    [TestCase("eth0.100", ExpectedResult = "eth0-100")]
    public string Any_text_becomes_a_segment_of_a_name(string text) => Names.Segment(text);

    private async Task<SampleProcess> StartSensorsAsync()
    {
        var sensors = SampleProcess.StartPlant("sensors", "--socket", _path.Text);
        await sensors.WaitForAsync("exports");
        return sensors;
    }
}
