using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

/// <summary>C7: user code never runs while a lock of the client is held.</summary>
public sealed class ClientLockTests : ClientFixture
{
    private readonly Asking _asking = new();

    [Test]
    public async Task C7_logger_time_evaluator_and_proxies_may_use_the_client_from_another_thread()
    {
        using var evaluator = new AskingEvaluator(_asking);
        var options = new IpcClientOptions
        {
            Retry = true,
            Reconnect = true,
            CallTimeout = Bounded.ProcessLimit,
            TimeProvider = _asking,
            Logger = _asking,
            Evaluator = evaluator,
        };
        await using var client = new IpcClient(Endpoint, options);
        _asking.Client = client;
        var proxy = new AskingProxy(_asking);
        using var other = new AskingProxy(_asking);
        Task binding = client.BindAsync(proxy);
        Task connecting = client.ConnectAsync();
        await Host.AcceptAsync();
        await connecting.Within("connecting");
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        client.Bind(other);
        await Host.ReadFrameAsync();
        await RoundTripAsync(proxy);
        Task call = proxy.SayHelloAsync("a");
        await Host.ReadFrameAsync();
        Host.HangUp();
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
        await Host.AcceptAsync();
        await Host.ReplyToBindAsync();
        proxy.Dispose();
        Host.HangUp();
        await client.DisposeAsync();
        Assert.That(_asking.Stuck, Is.Empty);
        Assert.That(_asking.Count, Is.GreaterThan(10));
    }

    [Test]
    public async Task C3_logger_may_use_a_client_that_cannot_watch_for_its_host()
    {
        var endpoint = IpcEndpoint.Parse(Path.Combine(SocketFile + "-not-there", "a", "s"));
        await using var client = new IpcClient(endpoint, new IpcClientOptions { Retry = true, Logger = _asking });
        _asking.Client = client;
        SignalProbe<DisconnectReason> failures = Probe.Of(client.ConnectFailed);
        client.Connect();
        await failures.NextAsync("a failed attempt");
        Assert.That(_asking.Count, Is.Positive);
        Assert.That(_asking.Stuck, Is.Empty);
    }

    private sealed class AskingEvaluator(Asking asking) : ConnectionEvaluator
    {
        protected override void OnInvocationAdded() => asking.Ask();
    }

    /// <summary>A proxy with its own equality, which is user code, too.</summary>
    private sealed class AskingProxy(Asking asking) : GreeterProxy
    {
        public override bool Equals(object? obj)
        {
            asking.Ask();
            return ReferenceEquals(this, obj);
        }

        public override int GetHashCode() => 0;
    }
}
