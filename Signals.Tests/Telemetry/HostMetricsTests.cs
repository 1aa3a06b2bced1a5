using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Telemetry.Support;

namespace Signals.Tests.Telemetry;

/// <summary>M2: the hosts of the process are observed by their addresses, as long as they listen.</summary>
public sealed class HostMetricsTests
{
    private const string Prefix = "signals.ipc.server.";

    [Test]
    public async Task M2_connections_and_active_calls_are_those_of_the_host()
    {
        using var metered = new Metered();
        var release = new TaskCompletionSource();
        await using TestSession session = await TestSession.StartAsync(
            new ScriptedGreeter
            {
                OnHello = async (_, _) =>
                {
                    await release.Task;
                    return ScriptedGreeter.Reply("");
                },
            }
        );
        Task<GreeterReplyMsg> call = session.Proxy.SayHelloAsync("Ada");
        await Bounded.UntilAsync(() => session.Host.Host.ActiveCalls == 1, "the call");
        Assert.That(
            ((string[])["active_connections", "active_calls", "paused_clients", "unsent_bytes", "dropped_frames"]).Select(name =>
                metered.Sum($"{Prefix}{name}", "server.address", session.Host.Path)
            ),
            Is.EqualTo((double?[])[1, 1, 0, 0, 0])
        );
        release.SetResult();
        await call.Within("the reply");
        Assert.That(metered.Sum($"{Prefix}active_calls", "server.address", session.Host.Path), Is.Zero);
        await session.Client.DisposeAsync();
        await Bounded.UntilAsync(() => session.Host.Host.ClientCount == 0, "the end of the client");
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", session.Host.Path), Is.Zero);
    }

    [Test]
    public async Task M2_the_clients_of_each_endpoint_of_a_host_are_told_apart()
    {
        using var metered = new Metered();
        using var path = new SocketPath();
        await using var host = new TestHost();
        host.Host.Start(path.Endpoint);
        IpcEndpoint tcp = host.Host.Start(IpcEndpoint.Tcp("127.0.0.1", 0));
        using RawClient first = RawClient.Bound(path.Endpoint);
        using RawClient second = RawClient.Bound(path.Endpoint);
        using RawClient third = RawClient.Bound(tcp);
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", path.Text), Is.EqualTo(2));
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.port", tcp.Port), Is.EqualTo(1));
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", host.Path), Is.Zero, "An endpoint without clients.");
    }

    [Test]
    public async Task M2_a_client_that_does_not_read_is_paused_and_has_unsent_bytes()
    {
        using var metered = new Metered();
        await using var host = new TestHost(
            new ScriptedGreeter { OnHello = static (_, _) => new(ScriptedGreeter.Reply(new string('x', 100_000))) },
            new IpcHostOptions { MaxUnsentBytes = 100_000 }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(Enumerable.Range(0, 50).Select(_ => client.Call(1, "Ada")));
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        Assert.That(metered.Sum($"{Prefix}paused_clients", "server.address", host.Path), Is.EqualTo(1));
        Assert.That(metered.Sum($"{Prefix}unsent_bytes", "server.address", host.Path), Is.Positive);
    }

    [Test]
    public async Task M2_dropped_frames_are_a_counter_that_never_decreases()
    {
        using var metered = new Metered();
        using var path = new SocketPath();
        for (int dropped = 1; dropped <= 2; dropped++)
        {
            await using var host = new IpcHost();
            host.Expose(new ScriptedGreeter());
            host.Start(path.Endpoint);
            using (RawClient client = RawClient.Bound(path.Endpoint))
            {
                client.SendBytes([1, 0, 0, 0, 7]);
                client.AssertIsServed();
                Assert.That(metered.Sum($"{Prefix}dropped_frames", "server.address", path.Text), Is.EqualTo(dropped));
            }

            await Bounded.UntilAsync(() => host.ClientCount == 0, "the end of the client");
            Assert.That(metered.Sum($"{Prefix}dropped_frames", "server.address", path.Text), Is.EqualTo(dropped), "The client has disconnected.");
            await host.StopAsync().Within("the stop");
            Assert.That(metered.Sum($"{Prefix}dropped_frames", "server.address", path.Text), Is.EqualTo(dropped), "The host has stopped.");
            Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", path.Text), Is.Null);
        }
    }

    [Test]
    public async Task M2_a_host_that_has_stopped_is_not_observed()
    {
        using var metered = new Metered();
        await using var host = new TestHost();
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", host.Path), Is.Zero);
        await host.Host.StopAsync().Within("the stop");
        Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", host.Path), Is.Null);
    }

    [Test]
    public async Task M5_measurements_do_not_keep_hosts_and_clients_alive()
    {
        using var metered = new Metered();
        WeakReference[] used = await UseAsync(metered);
        await Bounded.UntilAsync(
            () =>
            {
                Garbage.Collect();
                return used.All(static one => !one.IsAlive);
            },
            "the collection of the host and the client"
        );
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> UseAsync(Metered metered)
    {
        using var path = new SocketPath();
        var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        host.Start(path.Endpoint);
        var client = new IpcClient(path.Endpoint);
        using (var proxy = new GreeterProxy())
        {
            await client.ConnectAsync().Within("connecting");
            await client.BindAsync(proxy).Within("binding");
            await proxy.SayHelloAsync("Ada").Within("the reply");
            Assert.That(metered.Sum($"{Prefix}active_connections", "server.address", path.Text), Is.EqualTo(1));
        }

        await client.DisposeAsync();
        await host.DisposeAsync();
        return [new WeakReference(host), new WeakReference(client)];
    }
}
