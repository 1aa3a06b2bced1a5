using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Product.Samples;

/// <summary>samples/Greeter behaves as the README describes, and its exit code reports the result.</summary>
[Platform("Linux")]
public sealed class GreeterTests
{
    private SocketPath _path = null!;

    [SetUp]
    public void ChoosePath() => _path = new SocketPath();

    [TearDown]
    public void RemovePath() => _path.Dispose();

    [Test]
    public async Task Story_exits_with_0()
    {
        using var story = SampleProcess.StartGreeter();
        Assert.That(await story.ExitAsync(), Is.Zero, story.Errors);
        Assert.That(story.Output, Does.Contain("was killed").And.Contain("proxy.Disconnected").And.Contain("ended with exit code 0"));
    }

    [Test]
    public async Task Client_greets_and_exits_with_0()
    {
        using SampleProcess host = await StartHostAsync();
        using SampleProcess client = StartClient();
        Assert.That(await client.ExitAsync(), Is.Zero, client.Errors);
        Assert.That(client.Output, Does.Contain("Hello Ada").And.Contain("Goodbye Ada"));
    }

    [Test]
    public async Task Client_without_a_host_reports_this_and_exits_with_1()
    {
        using SampleProcess client = StartClient();
        Assert.That(await client.ExitAsync(), Is.EqualTo(1));
        Assert.That(client.Errors, Does.Contain(_path.Text).And.Contain("start the host"));
    }

    [Test]
    public async Task Client_that_fails_otherwise_reports_the_reason_and_exits_with_neither_0_nor_1()
    {
        using (var client = SampleProcess.StartGreeter("client", "--socket", new string('x', IpcEndpoint.MaxPathBytes + 1), "--name", "Ada"))
        {
            Assert.That(await client.ExitAsync(), Is.Not.Zero.And.Not.EqualTo(1));
            Assert.That(client.Errors, Does.Contain($"{IpcEndpoint.MaxPathBytes}"));
        }

        // A host of another service is there, and refuses.
        await using var host = new IpcHost();
        host.Start(_path.Endpoint);
        using (SampleProcess client = StartClient())
        {
            Assert.That(await client.ExitAsync(), Is.Not.Zero.And.Not.EqualTo(1));
            Assert.That(client.Errors, Does.Contain("does not expose service Greeter"));
        }
    }

    [Test]
    public async Task Client_that_retries_waits_for_a_host_and_connects_again_after_a_loss()
    {
        using SampleProcess client = StartClient("--retry");
        await client.WaitForAsync("client.ConnectFailed");
        await using (var host = new IpcHost())
        {
            host.Expose(new ScriptedGreeter { OnWatch = (_, context) => NeverAsync(context.CancellationToken) });
            host.Start(_path.Endpoint);
            await client.WaitForAsync("WatchGreetings(Ada)");
        }

        await client.WaitForAsync("client.Disconnected");
        using SampleProcess next = await StartHostAsync();
        Assert.That(await client.ExitAsync(), Is.Zero, client.Errors);
        Assert.That(client.Output, Does.Contain("Goodbye Ada"));
    }

    [Test]
    public async Task G9_client_loses_a_host_whose_process_is_stopped()
    {
        using SampleProcess host = await StartHostAsync();
        await using var client = new IpcClient(_path.Endpoint, new IpcClientOptions { KeepAlive = TimeSpan.FromSeconds(1) });
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");

        // The client binds the control service beside the first call.
        await proxy.SayHelloAsync("Ada").Within("the reply");
        await proxy.SayHelloAsync("Ada").Within("the reply");
        host.Send("STOP");
        try
        {
            Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
            Assert.That((await disconnected.NextAsync("the disconnection")).Cause, Is.EqualTo(DisconnectCause.KeepAliveTimeout));
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        }
        finally
        {
            host.Send("CONT");
        }
    }

    [Test]
    public async Task Host_whose_address_is_in_use_reports_this_and_exits_with_neither_0_nor_1()
    {
        using SampleProcess host = await StartHostAsync();
        using var second = SampleProcess.StartGreeter("host", "--socket", _path.Text);
        Assert.That(await second.ExitAsync(), Is.Not.Zero.And.Not.EqualTo(1));
        Assert.That(second.Errors, Does.Contain(_path.Text).And.Contain("another host is listening there"));
    }

    [TestCase("serve")]
    [TestCase("client", "--socket")]
    [TestCase("client", "--name", "Ada")]
    [TestCase("host", "--socket", "s", "--retry")]
    public async Task Invalid_arguments_print_the_usage(params string[] arguments)
    {
        using var misused = SampleProcess.StartGreeter(arguments);
        Assert.That(await misused.ExitAsync(), Is.EqualTo(2));
        Assert.That(misused.Errors, Does.Contain("Usage:"));
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> NeverAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        yield break;
    }

    private SampleProcess StartClient(params IEnumerable<string> options) =>
        SampleProcess.StartGreeter(["client", "--socket", _path.Text, "--name", "Ada", .. options]);

    private async Task<SampleProcess> StartHostAsync()
    {
        var host = SampleProcess.StartGreeter("host", "--socket", _path.Text);
        await host.WaitForAsync("listens on");
        return host;
    }
}
