using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Calls;

/// <summary>Proxies wait for services that a host exposes later.</summary>
[TestFixture]
public sealed class ExposureTests : ClientFixture
{
    private static readonly IpcClientOptions Patient = new() { Retry = true, Reconnect = true };

    [TestCase(true, false)]
    [TestCase(false, true)]
    public async Task G8_a_service_that_is_exposed_later_is_bound(bool retry, bool reconnect)
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        host.Start(path.Endpoint);
        var logger = new ListLogger();
        await using var client = new IpcClient(
            path.Endpoint,
            new IpcClientOptions
            {
                Retry = retry,
                Reconnect = reconnect,
                Logger = logger,
            }
        );
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        Task binding = client.BindAsync(proxy);
        await client.ConnectAsync().Within("connecting");
        DisconnectReason reason = await disconnected.NextAsync("the refusal");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.Refused));
        Assert.That(reason.Message, Does.Contain("does not expose service Greeter").And.Contain("asks again"));
        await Bounded.UntilAsync(() => logger.Entries.Any(entry => entry.Text.Contains("waits until the host exposes it")), "the log entry");
        Assert.That(proxy.ToString(), Is.EqualTo("GreeterProxy Greeter (waits until the host exposes the service)"));
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => proxy.SayHelloAsync("Ada"));
        Assert.That(failure!.Reason, Is.EqualTo(reason));
        Task<GreeterReplyMsg> ready = proxy.HelloAsync(new CallOptions { WaitForReady = true });
        Assert.That(binding.IsCompleted, Is.False);
        host.Expose(new ScriptedGreeter());
        await binding.Within("binding");
        await connected.NextAsync("Connected");
        Assert.That((await ready.Within("the reply")).Message, Is.EqualTo("Hello Ada"));
        Assert.That(disconnected.WaitingCount, Is.Zero);
        Assert.That(proxy.ToString(), Is.EqualTo("GreeterProxy Greeter (bound)"));
    }

    [Test]
    public async Task G8_a_service_that_another_host_exposes_is_bound_on_the_next_connection()
    {
        using var path = new SocketPath();
        var first = new IpcHost();
        first.Start(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint, Patient);
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        Task binding = client.BindAsync(proxy);
        await client.ConnectAsync().Within("connecting");
        Assert.That((await disconnected.NextAsync("the refusal")).Cause, Is.EqualTo(DisconnectCause.Refused));
        await first.DisposeAsync();
        await Bounded.UntilAsync(() => !client.IsConnected, "the loss");
        Assert.That(proxy.ToString(), Does.Contain("waits for a connection"));
        await using var second = new IpcHost();
        second.Expose(new ScriptedGreeter());
        second.Start(path.Endpoint);
        await binding.Within("binding");
        Assert.That(disconnected.WaitingCount, Is.Zero, "The loss of a connection that had refused is not reported once more.");
        await proxy.SayHelloAsync("Ada").Within("the reply");
    }

    [Test]
    public async Task G8_a_proxy_is_told_once_for_each_connection_that_refuses()
    {
        await using IpcClient client = await ConnectAsync(Patient);
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        Task binding = client.BindAsync(proxy);
        for (int connection = 0; connection < 3; connection++)
        {
            IPCFrame request = await Host.ReadFrameAsync();
            await Host.SendAsync(ScriptedHost.Refusal(request.RequestId));
            ulong watchId = await Host.ReplyToControlAsync();
            for (int report = 0; report < 3; report++)
            {
                // The first request follows the call that watches: the host may have exposed the service before.
                request = await Host.ReadFrameAsync();
                Assert.That(request.MsgBindService?.ServiceName, Is.EqualTo("Greeter"));
                await Host.SendAsync(ScriptedHost.Refusal(request.RequestId), Exposed(watchId, "Other"), Exposed(watchId, "Greeter"));
            }

            await Host.ReadFrameAsync();
            Assert.That((await disconnected.NextAsync("the refusal")).Cause, Is.EqualTo(DisconnectCause.Refused));
            Host.HangUp();
            await Host.AcceptAsync();
        }

        Assert.That(binding.IsCompleted, Is.False);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        Assert.That(disconnected.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task G8_a_report_that_crosses_the_refusal_is_not_lost()
    {
        (IpcClient client, GreeterProxy proxy, ulong watchId) = await BindAndWatchAsync(Patient);
        await using IpcClient disposed = client;
        using var other = new OtherProxy();
        Task binding = client.BindAsync(other);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(Exposed(watchId, "Other"), ScriptedHost.Refusal(request.RequestId));
        request = await Host.ReadFrameAsync();
        Assert.That(request.MsgBindService?.ServiceName, Is.EqualTo("Other"));
        await Host.SendAsync(ScriptedHost.BindReply(request.RequestId, serviceId: 8));
        await binding.Within("binding");
        await RoundTripAsync(proxy);
    }

    [Test]
    public async Task G8_reports_about_bound_services_change_nothing()
    {
        (IpcClient client, GreeterProxy proxy, ulong watchId) = await BindAndWatchAsync(Patient);
        await using IpcClient disposed = client;
        await Host.SendAsync(Exposed(watchId, "Greeter"));
        await RoundTripAsync(proxy);
    }

    [Test]
    public async Task G8_two_proxies_that_wait_for_one_service_are_not_both_bound()
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        host.Start(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint, Patient);
        using var first = new GreeterProxy();
        using var second = new GreeterProxy();
        Task bound = client.BindAsync(first);
        Task refused = client.BindAsync(second);
        await client.ConnectAsync().Within("connecting");
        host.Expose(new ScriptedGreeter());
        await bound.Within("binding");
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => refused.Within("the refusal"));
        Assert.That(failure!.Reason.Cause, Is.EqualTo(DisconnectCause.AlreadyBound));
    }

    [Test]
    public async Task G8_a_host_that_reports_and_refuses_forever_does_not_occupy_the_client()
    {
        await using IpcClient client = await ConnectAsync(Patient);
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(ScriptedHost.Refusal(request.RequestId));
        ulong watchId = await Host.ReplyToControlAsync();
        for (int i = 0; i < 1000; i++)
        {
            request = await Host.ReadFrameAsync();
            Assert.That(request.MsgBindService?.ServiceName, Is.EqualTo("Greeter"));
            await Host.SendAsync(ScriptedHost.Refusal(request.RequestId), Exposed(watchId, "Greeter"));
        }

        client.Bind(new OtherProxy());
        Assert.That((await Host.ReadFrameAsync()).MsgBindService?.ServiceName, Is.EqualTo("Other"));
    }

    [Test]
    public async Task G8_without_retry_a_refusal_is_final()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(ScriptedHost.Refusal(request.RequestId));
        ulong watchId = await Host.ReplyToControlAsync();
        await Host.SendAsync(Exposed(watchId, "Greeter"));
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the refusal"));
        Assert.That(failure!.Reason.Message, Does.Not.Contain("asks again"));
        Assert.That(proxy.ToString(), Does.Contain("not bound"));
        Task again = client.BindAsync(proxy);
        await Host.ReplyToBindAsync();
        await again.Within("binding again");
    }

    [Test]
    public async Task G8_disposing_the_client_ends_the_wait()
    {
        using var path = new SocketPath();
        await using var host = new IpcHost();
        host.Start(path.Endpoint);
        var client = new IpcClient(path.Endpoint, Patient);
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        Task binding = client.BindAsync(proxy);
        client.Connect();
        await disconnected.NextAsync("the refusal");
        await client.DisposeAsync();
        IpcDisconnectedException? failure = await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the end"));
        Assert.That(failure!.Reason.Cause, Is.EqualTo(DisconnectCause.ClosedLocally));
    }

    [Test]
    public async Task G8_services_may_be_exposed_while_clients_bind_them()
    {
        for (int round = 0; round < 50; round++)
        {
            using var path = new SocketPath();
            await using var host = new IpcHost();
            host.Start(path.Endpoint);
            await using var client = new IpcClient(path.Endpoint, Patient);
            await client.ConnectAsync().Within("connecting");
            using var proxy = new GreeterProxy();
            Task? binding = null;
            Worker.RunAll(() => binding = client.BindAsync(proxy), () => host.Expose(new ScriptedGreeter()));
            await binding!.Within("binding");
        }
    }

    [Test]
    public async Task G8_BindAsync_of_a_client_that_was_not_told_to_connect_is_logged_after_a_second()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { TimeProvider = time, Logger = logger });
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        Assert.That(proxy.ToString(), Is.EqualTo("GreeterProxy Greeter (waits for IpcClient.Connect)"));
        time.Advance(TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.That(logger.Entries, Is.Empty);
        time.Advance(TimeSpan.FromTicks(1));
        (LogLevel level, string text, Exception? _) = logger.Entries.Single();
        Assert.That((level, text), Is.EqualTo((LogLevel.Warning, text)));
        Assert.That(text, Does.Contain("Greeter").And.Contain("ConnectAsync").And.Contain(SocketFile));
        client.Connect();
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
    }

    [Test]
    public async Task G8_nothing_is_logged_about_clients_that_connect_within_a_second_or_do_not_wait()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { TimeProvider = time, Logger = logger });
        using var proxy = new GreeterProxy();
        using var other = new OtherProxy();
        Task binding = client.BindAsync(proxy);
        client.Bind(other);
        client.Connect();
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        await using var silent = new IpcClient(Endpoint, new IpcClientOptions { TimeProvider = time, Logger = logger });
        silent.Bind(new OtherProxy());
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(logger.Entries.Where(entry => entry.Level >= LogLevel.Information), Is.Empty);
    }

    [Test]
    public async Task Binding_a_proxy_twice_is_refused_with_advice()
    {
        await using var client = new IpcClient(Endpoint);
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        Assert.That(() => client.BindAsync(proxy), Throws.InvalidOperationException.With.Message.Contains("Pass it once"));
        await using var other = new IpcClient(Endpoint);
        Assert.That(() => other.Bind(proxy), Throws.InvalidOperationException.With.Message.Contains("separate proxy"));
    }

    [TestCase(false, "or let the client retry")]
    [TestCase(true, "the client tries again")]
    public async Task C3_the_advice_of_a_failed_attempt_depends_on_whether_the_client_retries(bool retry, string advice)
    {
        EndHost();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Retry = retry, TimeProvider = new FakeTime() });
        SignalProbe<DisconnectReason> failed = Probe.Of(client.ConnectFailed);
        client.Connect();
        Assert.That((await failed.NextAsync("the failure")).Message, Does.Contain("start the host").And.Contain(advice));
    }

    private static IPCFrame Exposed(ulong watchId, string service) => ScriptedHost.Event(watchId, new ControlEvent { Exposed = { service } });
}
