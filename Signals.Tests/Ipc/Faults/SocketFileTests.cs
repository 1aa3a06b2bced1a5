using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Faults;

/// <summary>K3: the socket file of a running host is removed.</summary>
[Platform("Linux")]
public sealed class SocketFileTests
{
    [Test]
    public async Task K3_host_whose_file_was_removed_serves_its_clients_and_stops_as_usual()
    {
        await using (var first = new TestHost())
        {
            RawClient.Bound(first.Endpoint).Dispose();
        }

        var before = new OpenSockets();
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        File.Delete(host.Path);
        client.AssertIsServed();

        await using var late = new IpcClient(host.Endpoint);
        Task connecting = late.ConnectAsync();
        await Bounded.UntilAsync(() => connecting.IsCompleted, "the failure");
        IpcException? failure = await Assert.ThrowsAsync<IpcException>(() => connecting);
        Assert.That(failure!.Message, Does.Contain(host.Path));
        await host.Host.StopAsync().Within("stopping");
        client.AssertIsEnded();
        client.Dispose();
        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task C3_clients_that_retry_without_success_leave_no_watch()
    {
        const int Clients = 50;
        using var path = new SocketPath();
        await RetryInVainAsync(path.Endpoint);
        var before = new OpenSockets();
        for (int i = 0; i < Clients; i++)
        {
            await RetryInVainAsync(path.Endpoint);
        }

        await before.AssertNoneLeftAsync();
    }

    [Test]
    public async Task K3_C3_client_that_retries_finds_the_host_that_replaces_a_removed_file()
    {
        await using var first = new TestHost();
        File.Delete(first.Path);
        await using var client = new IpcClient(first.Endpoint, new IpcClientOptions { Retry = true });
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await failed.NextAsync("ConnectFailed");

        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter());
        second.Start(first.Endpoint);
        await binding.Within("binding");
        Assert.That((await proxy.SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Hello Ada"));
    }

    private static async Task RetryInVainAsync(IpcEndpoint endpoint)
    {
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = true });
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failed.NextAsync("ConnectFailed");
    }
}
