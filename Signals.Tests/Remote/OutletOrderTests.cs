using System.Buffers;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>An exchange that reads on while code of the user blocks handles the next messages before the rest of those before.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutletOrderTests : IDisposable
{
    private readonly ConnectionEvaluator _evaluator = new();
    private readonly Signal<int> _signal = new();
    private readonly RemoteExports _exports;
    private readonly ExportedSignal _export;
    private readonly RemoteOutlet _outlet;

    public OutletOrderTests()
    {
        _exports = new RemoteExports(RemoteCapabilities.None, _evaluator);
        _export = new Exporter(_exports).Export("a", _signal);
        _outlet = _exports.Accept(new RemoteSubscriber(1), new RemoteOutletOptions(), static _ => { });
    }

    public void Dispose()
    {
        _exports.Dispose();
        _signal.Dispose();
        _evaluator.Dispose();
    }

    [Test]
    public void X2_a_subscription_that_is_given_up_before_it_is_connected_leaves_nothing()
    {
        Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 })();
        Action connect = Handle(RemoteOperation.Subscribe, Subscribe(1));
        Handle(RemoteOperation.Unsubscribe, new UnsubscribeRequest { Subscriptions = { 1 } })();
        connect();
        Assert.That(_export.SubscriberCount, Is.Zero);
    }

    [Test]
    public void X2_a_stream_that_is_watched_again_keeps_what_is_subscribed_on_it_since_then()
    {
        Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 })();
        Handle(RemoteOperation.Subscribe, Subscribe(1))();
        Action disconnect = Handle(RemoteOperation.Unwatch, new WatchRequest { Stream = 1 });
        Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 })();
        Handle(RemoteOperation.Subscribe, Subscribe(2))();
        disconnect();
        _signal.Emit(1);
        Assert.That(_export.SubscriberCount, Is.EqualTo(1));
        Assert.That(_outlet.TryWriteBatch(1, new ArrayBufferWriter<byte>(), 1_000), Is.True);
    }

    [Test]
    public void X2_no_code_of_the_user_runs_until_the_rest_of_a_message()
    {
        bool isConnected = false;
        using var signal = new Signal<int>(new SignalOptions { FirstConnectedHandler = () => isConnected = true });
        using ExportedSignal export = new Exporter(_exports).Export("b", signal);
        Handle(RemoteOperation.Watch, new WatchRequest { Stream = 1 })();
        Action connect = Handle(RemoteOperation.Subscribe, Subscribe(1, "b"));
        Assert.That(isConnected, Is.False);
        connect();
        Assert.That(isConnected, Is.True);
    }

    private static SubscribeRequest Subscribe(uint subscription, string name = "a") =>
        new()
        {
            Stream = 1,
            Subscription = subscription,
            Name = name,
            Type = "int32",
        };

    /// <summary>Handles a message, and returns what is left to do.</summary>
    private Action Handle(RemoteOperation operation, IMessage message)
    {
        Assert.That(_outlet.Handle(operation, message.ToByteArray(), out Action? userCode), Is.True);
        return userCode ?? (static () => { });
    }
}
