using NUnit.Framework;

namespace Signals.Tests.Nats;

/// <summary>samples/Plant over a server.</summary>
[TestFixture]
[Platform("Linux")]
internal sealed class PlantTests
{
    [Test]
    [NeedsNatsServer]
    public async Task N7_panel_receives_over_a_server_what_another_process_exports()
    {
        using var server = NatsServer.Start();
        using SampleProcess panel = Start("panel", "--nats", server.Url, "--page", "sensors");
        using SampleProcess sensors = Start("sensors", "--nats", server.Url);
        await panel.WaitForAsync("): 7 Live");
        panel.Type("set 100");
        await panel.WaitForAsync("measure every 0.1 s");
        panel.Type("set 1");
        await panel.WaitForAsync("is refused");
        sensors.Send("TERM");
        Assert.That(await sensors.ExitAsync(), Is.Zero, sensors.Errors);
        await panel.WaitForAsync("): 7 Waiting");
        using SampleProcess restarted = Start("sensors", "--nats", server.Url);
        panel.Type("page memory");
        await panel.WaitForAsync("): 14 Live");
        panel.Type("q");
        Assert.That(await panel.ExitAsync(), Is.Zero, panel.Errors);
    }

    private static SampleProcess Start(params IEnumerable<string> arguments) =>
        SampleProcess.Start(Path.Combine(AppContext.BaseDirectory, "Plant.dll"), arguments);
}
