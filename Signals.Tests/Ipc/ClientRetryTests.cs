using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc;

public sealed class ClientRetryTests : ClientFixture
{
    private readonly FakeTime _time = new();

    [Test]
    public async Task C3_delays_increase_by_a_second_up_to_ten_and_are_thirty_afterwards()
    {
        EndHost();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Retry = true, TimeProvider = _time });
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        foreach (int seconds in (int[])[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 30, 30])
        {
            await failures.NextAsync("a failed attempt");
            Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(seconds)]));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.That(failures.WaitingCount, Is.Zero);
            _time.Advance(TimeSpan.FromTicks(1));
        }
    }

    [Test]
    public async Task C3_attempt_is_immediate_when_the_socket_file_appears_and_there_is_no_second_one()
    {
        EndHost();
        File.Delete(SocketFile);
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Retry = true, TimeProvider = _time });
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await failures.NextAsync("a failed attempt");

        // The file appears when a host is already listening, so that the single attempt succeeds.
        string hidden = SocketFile + "~";
        using var host = new ScriptedHost(IpcEndpoint.Parse(hidden));
        File.Move(hidden, SocketFile);
        await host.AcceptAsync();
        await host.ReplyToBindAsync();
        await binding.Within("binding");
        Assert.That(_time.Due, Is.Empty);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(host.HasWaitingConnection, Is.False);
    }

    [Test]
    public async Task C3_attempt_is_immediate_also_when_the_folder_appears_or_is_replaced()
    {
        using var path = new SocketPath();
        string folder = Path.Combine(path.Folder, "run");
        var endpoint = IpcEndpoint.Parse(Path.Combine(folder, "s"));
        string hidden = Path.Combine(path.Folder, "hidden");
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = true, TimeProvider = _time });
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("a failed attempt");
        for (int i = 0; i < 3; i++)
        {
            // Each time the folder appears there is an attempt, which comes too early.
            Directory.CreateDirectory(folder);
            await failures.NextAsync("a failed attempt");
            Directory.Delete(folder);
        }

        Directory.CreateDirectory(folder);
        await failures.NextAsync("a failed attempt");
        using var host = new ScriptedHost(IpcEndpoint.Parse(hidden));
        File.Move(hidden, endpoint.Path!);
        await host.AcceptAsync();
    }

    [Test]
    public async Task C3_only_delays_apply_if_no_folder_can_be_watched()
    {
        using var path = new SocketPath();
        string folder = Path.Combine(path.Folder, "a", "b");
        var endpoint = IpcEndpoint.Parse(Path.Combine(folder, "s"));
        var logger = new ListLogger();
        await using var client = new IpcClient(
            endpoint,
            new IpcClientOptions
            {
                Retry = true,
                TimeProvider = _time,
                Logger = logger,
            }
        );
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("a failed attempt");
        Assert.That(
            logger.Entries.Where(entry => entry.Exception is not null).Select(entry => entry.Text),
            Is.EqualTo(
                (string[])
                    [
                        $"{endpoint} cannot be watched; the next attempt to connect waits for the retry delay",
                        $"{folder} cannot be watched; the next attempt to connect waits for the retry delay",
                    ]
            )
        );
        Directory.CreateDirectory(folder);
        using var host = new ScriptedHost(endpoint);
        Assert.That(host.HasWaitingConnection, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        await host.AcceptAsync();
    }

    [Test]
    public async Task C3_without_retry_there_is_one_attempt()
    {
        EndHost();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { TimeProvider = _time });
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("the failure");
        Assert.That(_time.Due, Is.Empty);
    }

    [Test]
    public async Task C3_disposal_ends_the_attempts()
    {
        EndHost();
        var client = new IpcClient(Endpoint, new IpcClientOptions { Retry = true, TimeProvider = _time });
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        Task connecting = client.ConnectAsync();
        await failures.NextAsync("a failed attempt");
        await client.DisposeAsync();
        Assert.That(_time.Due, Is.Empty);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connecting.Within("the end"));
        Assert.That(client.Connect, Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task C6_client_reconnects_after_a_loss_and_binds_the_same_proxies_in_order()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Reconnect = true, TimeProvider = _time });
        await using IpcClient disposed = client;
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        for (int round = 0; round < 5; round++)
        {
            Host.HangUp();
            Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
            await Host.AcceptAsync();
            Assert.That((await Host.ReplyToBindAsync()).RequestId, Is.EqualTo(1), "ids begin again");
            await connected.NextAsync("Connected");
            await RoundTripAsync(proxy);
            Assert.That(disconnected.WaitingCount, Is.Zero);
            Assert.That(connected.WaitingCount, Is.Zero);
        }
    }

    [Test]
    public async Task C6_reconnection_waits_like_retries_while_no_host_listens()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Reconnect = true, TimeProvider = _time });
        await using IpcClient disposed = client;
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        EndHost();
        await failures.NextAsync("a failed attempt");
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(1)]));
        _time.Advance(TimeSpan.FromSeconds(1));
        await failures.NextAsync("a failed attempt");
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(2)]));

        // Found immediately because of the file, or otherwise after the delay.
        File.Delete(SocketFile);
        RestartHost();
        _time.Advance(TimeSpan.FromSeconds(30));
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        await connected.NextAsync("Connected");
        await RoundTripAsync(proxy);
    }

    [Test]
    public async Task C6_client_does_not_reconnect_in_a_tight_loop_to_a_host_that_disconnects_immediately()
    {
        await using IpcClient client = await ConnectAsync(new IpcClientOptions { Reconnect = true, TimeProvider = _time });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        Host.HangUp();
        await disconnected.NextAsync("Disconnected");
        Assert.That(_time.Due, Is.EqualTo((TimeSpan[])[TimeSpan.FromSeconds(1)]));
        Assert.That(Host.HasWaitingConnection, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Host.AcceptAsync();
    }
}
