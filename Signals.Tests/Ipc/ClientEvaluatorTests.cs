using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

/// <summary>K1, C7: the threads of a client's callbacks, the owner of its evaluator, and exceptions of callbacks.</summary>
public sealed class ClientEvaluatorTests : ClientFixture
{
    [Test]
    public async Task K1_slot_that_throws_is_logged_and_the_other_slots_run()
    {
        var logger = new ListLogger();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Logger = logger });
        using var proxy = new GreeterProxy();
        client.Connected.Connect(() => throw new InvalidOperationException("client connected"));
        proxy.Connected.Connect(() => throw new InvalidOperationException("proxy connected"));
        proxy.Disconnected.Connect(() => throw new InvalidOperationException("proxy disconnected"));
        client.Disconnected.Connect(() => throw new InvalidOperationException("client disconnected"));
        SignalProbe<bool> clientConnected = Probe.Of(client.Connected);
        SignalProbe<bool> proxyConnected = Probe.Of(proxy.Connected);
        SignalProbe<DisconnectReason> proxyDisconnected = Probe.Of(proxy.Disconnected);
        SignalProbe<DisconnectReason> clientDisconnected = Probe.Of(client.Disconnected);

        Task binding = client.BindAsync(proxy);
        client.Connect();
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        await clientConnected.NextAsync("the client's Connected");
        await proxyConnected.NextAsync("the proxy's Connected");
        await RoundTripAsync(proxy);
        Host.HangUp();
        await proxyDisconnected.NextAsync("the proxy's Disconnected");
        await clientDisconnected.NextAsync("the client's Disconnected");

        string[] Thrown() =>
            [
                .. logger
                    .Entries.Where(entry => entry.Level == LogLevel.Error)
                    .SelectMany(entry => (entry.Exception as AggregateException)?.InnerExceptions ?? [entry.Exception!])
                    .Select(exception => exception.Message),
            ];
        await Bounded.UntilAsync(() => Thrown().Length == 4, "the log of the exception");
        Assert.That(Thrown(), Is.EquivalentTo((string[])["client connected", "proxy connected", "proxy disconnected", "client disconnected"]));
    }

    [Test]
    public async Task K1_logger_that_throws_does_not_end_the_connection([Values] bool throwsWhenAsked)
    {
        var logger = new ThrowingLogger { ThrowsWhenAsked = throwsWhenAsked };
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Logger = logger });
        await using IpcClient disposed = client;
        proxy.Disconnected.Connect(() => throw new InvalidOperationException("on purpose"));
        SignalProbe<DisconnectReason> disconnected = Probe.Of(client.Disconnected);
        await Host.SendAsync(new byte[] { 1, 0, 0, 0, 7 });
        await RoundTripAsync(proxy);
        Host.HangUp();
        await disconnected.NextAsync("Disconnected");
        Assert.That(logger.Throws, Is.GreaterThanOrEqualTo(2));
        proxy.Dispose();
    }

    [Test]
    public async Task C7_clients_own_evaluator_ends_with_the_client_after_its_proxies_are_notified()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        using var other = new GreeterProxy();
        client.Bind(other);
        var told = new List<string>();
        proxy.Disconnected.Connect(reason => told.Add($"first {reason.Cause} {client.Evaluator.IsDisposed}"));
        other.Disconnected.Connect(reason => told.Add($"second {reason.Cause} {client.Evaluator.IsDisposed}"));
        await client.DisposeAsync();
        await Bounded.UntilAsync(() => client.Evaluator.IsDisposed, "the end of the evaluator");
        Assert.That(told, Is.EqualTo((string[])["first ClosedLocally False", "second ClosedLocally False"]));
        proxy.Dispose();
    }

    [Test]
    public async Task C7_proxy_of_a_disposed_client_is_notified_by_the_next_one()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await client.DisposeAsync();
        await Bounded.UntilAsync(() => client.Evaluator.IsDisposed, "the end of the evaluator");
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        await using IpcClient next = await ConnectAsync();
        next.Bind(proxy);
        await Host.ReplyToBindAsync();
        await connected.NextAsync("Connected");
        await RoundTripAsync(proxy);
        proxy.Dispose();
    }

    [Test]
    public async Task C2_events_of_a_client_are_delivered_on_its_evaluator_even_if_another_client_has_the_proxy()
    {
        using var firstEvaluator = new ConnectionEvaluator();
        using var secondEvaluator = new ConnectionEvaluator();
        (IpcClient first, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Evaluator = firstEvaluator });
        var told = new List<string>();
        proxy.Connected.Connect(() => told.Add("connected"));
        proxy.Disconnected.Connect(reason => told.Add($"{reason.Cause}"));
        await first.DisposeAsync();
        await using IpcClient second = await ConnectAsync(new IpcClientOptions { Evaluator = secondEvaluator });
        Task binding = second.BindAsync(proxy);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        firstEvaluator.EvaluateDeferredConnections();
        Assert.That(told, Is.EqualTo((string[])["connected", "ClosedLocally"]));
        secondEvaluator.EvaluateDeferredConnections();
        Assert.That(told, Is.EqualTo((string[])["connected", "ClosedLocally", "connected"]));
        Host.HangUp();
        await Bounded.UntilAsync(() => secondEvaluator.PendingCount == 2, "the disconnection of the proxy and of the client");
        await second.DisposeAsync();
        proxy.Dispose();
        Assert.That(firstEvaluator.PendingCount + secondEvaluator.PendingCount, Is.Zero);
    }

    [Test]
    public async Task C2_proxy_that_is_bound_by_several_clients_is_notified_of_every_disconnection()
    {
        const int Clients = 20;
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        for (int i = 0; i < Clients; i++)
        {
            IpcClient client = await ConnectAsync();
            client.Bind(proxy);
            await Host.ReplyToBindAsync();
            await client.DisposeAsync();
        }

        for (int i = 0; i < Clients; i++)
        {
            Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ClosedLocally));
        }

        Assert.That(disconnected.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task C7_evaluator_from_the_options_outlives_its_client()
    {
        using var evaluator = new ThreadPoolEvaluator();
        (IpcClient client, GreeterProxy proxy) = await BindAsync(new IpcClientOptions { Evaluator = evaluator });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        await client.DisposeAsync();
        await disconnected.NextAsync("Disconnected");

        // Whatever the client might have queued behind that has run when this does.
        var signal = new Signal();
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.ConnectDeferred(evaluator, ran.SetResult);
        signal.Emit();
        await ran.Task.Within("a slot of the evaluator's owner");
        Assert.That(evaluator.IsDisposed, Is.False);
        proxy.Dispose();
    }

    [Test]
    public async Task C7_client_that_is_disposed_inside_a_slot_of_its_own_evaluator_ends_it_afterwards()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        proxy.Disconnected.Connect(() => Assert.That(client.DisposeAsync().AsTask().IsCompleted, Is.True));
        Host.HangUp();
        await disconnected.NextAsync("Disconnected");
        await Bounded.UntilAsync(() => client.Evaluator.IsDisposed, "the end of the evaluator");
        Assert.That(disconnected.WaitingCount, Is.Zero);
        proxy.Dispose();
    }
}
