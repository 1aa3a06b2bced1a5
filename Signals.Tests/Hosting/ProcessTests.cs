using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Hosting;

/// <summary>The rule D4 in a process of its own, which a service manager stops.</summary>
[Platform("Linux")]
public sealed class ProcessTests
{
    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task D4_SIGTERM_lets_calls_under_way_end_and_exits_with_0()
    {
        using SampleProcess process = StartPeer($"--Ipc:Host:Endpoint={_path.Text}");
        await process.WaitForAsync($"The host listens on {_path.Text}");
        await using var client = new IpcClient(_path.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");

        // The call has arrived before the reply to the next one.
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        await proxy.WaveGoodbye("Ada").Within("the reply");
        process.Send("TERM");
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That(await process.ExitAsync(), Is.Zero, process.Output + process.Errors);
        Assert.That(File.Exists(_path.Text), Is.False);
    }

    [Test]
    public async Task D2_bad_endpoint_ends_the_program_with_the_key()
    {
        using SampleProcess process = StartPeer("--Ipc:Host:Endpoint=localhost:port");
        Assert.That(await process.ExitAsync(), Is.Not.Zero);
        Assert.That(process.Output + process.Errors, Does.Contain("Ipc:Host:Endpoint is \"localhost:port\""));
    }

    private static SampleProcess StartPeer(params string[] arguments) =>
        SampleProcess.Start(Path.Combine(AppContext.BaseDirectory, "Signals.Tests.HostingPeer.dll"), arguments);
}
