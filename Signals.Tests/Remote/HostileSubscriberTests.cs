using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>Subscribers on a socket that send what no client of the library sends, beside one that receives everything.</summary>
public sealed class HostileSubscriberTests
{
    private static readonly string LongestName = new('x', 255);

    [Test]
    public async Task X14_odd_requests_are_ignored_or_refused_and_the_connection_stands()
    {
        await using var rig = new Rig();
        using var hostile = new RawSubscriber(rig.Endpoint);

        // Before there is a stream.
        hostile.Send(RemoteOperation.Credit, new CreditRequest { Stream = 1, Taken = 5 });
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1));
        hostile.Send(RemoteOperation.Unwatch, new WatchRequest { Stream = 1 });
        Assert.That(hostile.Call(RemoteOperation.Watch, new WatchRequest { Stream = 0 }).Success, Is.False);
        hostile.Watch(1);
        Assert.That(hostile.Call(RemoteOperation.Watch, new WatchRequest { Stream = 1 }).Success, Is.False, "Watched twice.");

        // Streams and subscriptions that do not exist, or exist already.
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1, stream: 2));
        hostile.Send(RemoteOperation.Subscribe, Subscribe(0));
        hostile.Send(RemoteOperation.Subscribe, new SubscribeRequest());
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1));
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1, name: "other"));
        hostile.Send(
            RemoteOperation.Unsubscribe,
            new UnsubscribeRequest { Subscriptions = { Enumerable.Range(2, 10_000).Select(static id => (uint)id) } }
        );
        hostile.Send(RemoteOperation.Unwatch, new WatchRequest { Stream = uint.MaxValue });
        hostile.Send(uint.MaxValue, []);
        hostile.Send((uint)RemoteOperation.Subscribe, [0xFF, 0xFF, 0xFF]);
        Assert.That(hostile.ReceiveUntil(static item => item.Granted is not null).Subscription, Is.EqualTo(1));

        // Options that do not exist.
        SubscribeRequest odd = Subscribe(2);
        odd.Overflow = 99;
        odd.Capacity = 0;
        odd.Replay = 77;
        odd.ReplayCount = uint.MaxValue;
        hostile.Send(RemoteOperation.Subscribe, odd);
        Grant grant = hostile.ReceiveUntil(static item => item.Granted is not null).Granted;
        Assert.That((grant.Overflow, grant.Capacity, grant.Replay), Is.EqualTo((0, 1, 0)));

        // Credits for what was not sent, and for less than before.
        foreach (ulong taken in (ulong[])[ulong.MaxValue, 0, long.MaxValue, 1])
        {
            hostile.Send(RemoteOperation.Credit, new CreditRequest { Stream = 1, Taken = taken });
        }

        rig.EmitAndReceive(100);
        Assert.That(hostile.Call(RemoteOperation.List, new ListRequest()).Success, Is.True, "The connection stands.");
    }

    [Test]
    public async Task X11_names_types_and_paths_over_their_limits_are_refused_and_not_kept()
    {
        await using var rig = new Rig();
        using var hostile = new RawSubscriber(rig.Endpoint);
        hostile.Watch(1);
        SubscribeRequest[] requests =
        [
            Subscribe(1, name: LongestName + "x"),
            Subscribe(2, name: new string('x', 100_000)),
            Subscribe(3, name: ""),
            Subscribe(4, name: "a..b"),
            Subscribe(5, name: "a\0"),
            Subscribe(6, name: "ä"),
            Subscribe(7, type: new string('x', 256)),
            new(Subscribe(8)) { Path = { Enumerable.Repeat("a", 65) } },
            new(Subscribe(9)) { Path = { Enumerable.Repeat("a", 20_000) } },
        ];
        foreach (SubscribeRequest request in requests)
        {
            hostile.Send(RemoteOperation.Subscribe, request);
            ExchangeItem item = hostile.ReceiveUntil(_ => true);
            Assert.That((item.Subscription, item.HasRefused), Is.EqualTo((request.Subscription, true)));
        }

        // The longest name that is valid waits.
        hostile.Send(RemoteOperation.Subscribe, Subscribe(10, name: LongestName));
        using ExportedSignal export = rig.Host.Export(LongestName, rig.Signal);
        Assert.That(hostile.ReceiveUntil(static item => item.Granted is not null).Subscription, Is.EqualTo(10));
        rig.EmitAndReceive(100);
    }

    [Test]
    public async Task X14_fields_that_are_repeated_count_once()
    {
        await using var rig = new Rig();
        using var hostile = new RawSubscriber(rig.Endpoint);
        hostile.Watch(1);
        byte[] names = [.. Enumerable.Repeat(new SubscribeRequest { Name = "other" }.ToByteArray(), 2000).SelectMany(static one => one)];
        hostile.Send((uint)RemoteOperation.Subscribe, [.. names, .. Subscribe(1).ToByteArray()]);
        Assert.That(hostile.ReceiveUntil(static item => item.Granted is not null).Subscription, Is.EqualTo(1));
        byte[] ids = new UnsubscribeRequest { Subscriptions = { Enumerable.Repeat(1U, 1000) } }.ToByteArray();
        hostile.Send((uint)RemoteOperation.Unsubscribe, [.. ids, .. ids]);
        await Bounded.UntilAsync(() => rig.Export.SubscriberCount == 1, "the end of the subscription");
        rig.EmitAndReceive(100);
    }

    [Test]
    public async Task X14_a_subscriber_has_a_limited_number_of_streams()
    {
        await using var rig = new Rig();
        using var hostile = new RawSubscriber(rig.Endpoint);
        for (uint stream = 1; stream <= 256; stream++)
        {
            hostile.Watch(stream);
        }

        Assert.That(hostile.Call(RemoteOperation.Watch, new WatchRequest { Stream = 257 }).Success, Is.False);
        hostile.Send(RemoteOperation.Unwatch, new WatchRequest { Stream = 3 });
        ulong watched = hostile.Watch(257);
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1, stream: 257));
        Assert.That(hostile.Receive().RequestId, Is.EqualTo(watched));
        rig.EmitAndReceive(100);
    }

    [Test]
    public async Task X11_subscriptions_over_the_limit_are_refused_and_a_place_can_be_used_again()
    {
        await using var rig = new Rig(maxSubscriptions: 10);
        using var hostile = new RawSubscriber(rig.Endpoint);
        hostile.Watch(1);
        hostile.SendAll(RemoteOperation.Subscribe, Enumerable.Range(1, 1000).Select(static id => Subscribe((uint)id)));
        hostile.ReceiveUntil(static item => item is { Subscription: 1000, HasRefused: true });
        Assert.That(rig.Export.SubscriberCount, Is.EqualTo(11));
        hostile.Send(RemoteOperation.Unsubscribe, new UnsubscribeRequest { Subscriptions = { 5 } });
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1001));
        Assert.That(hostile.ReceiveUntil(static item => item.Subscription == 1001).Granted, Is.Not.Null);
        rig.EmitAndReceive(100);
    }

    [Test]
    [NonParallelizable]
    public async Task X14_a_subscriber_that_subscribes_without_end_and_reads_nothing_needs_little_memory()
    {
        const int subscriptions = 200_000;
        const int atOnce = 1000;
        await using var rig = new Rig();
        using var hostile = new RawSubscriber(rig.Endpoint);
        hostile.Watch(1);
        hostile.Send(RemoteOperation.Subscribe, Subscribe(1));
        hostile.ReceiveUntil(static item => item.Granted is not null);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        for (int first = 2; first < subscriptions; first += atOnce)
        {
            hostile.SendAll(RemoteOperation.Subscribe, Enumerable.Range(first, atOnce).Select(static id => Subscribe((uint)id, type: "string")));
            hostile.Send(
                RemoteOperation.Unsubscribe,
                new UnsubscribeRequest { Subscriptions = { Enumerable.Range(first, atOnce).Select(static id => (uint)id) } }
            );
            if (first % (20 * atOnce) == 2)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        rig.EmitAndReceive(100);
        TestContext.Out.WriteLine($"{most / 1024:#,0} KiB");
        Assert.That(most, Is.LessThan(16 * 1024 * 1024));
    }

    private static SubscribeRequest Subscribe(uint id, uint stream = 1, string name = "a", string type = "int32") =>
        new()
        {
            Stream = stream,
            Subscription = id,
            Name = name,
            Type = type,
        };

    /// <summary>A host that exports a signal, and a client that receives all its values.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private readonly SocketPath _path = new();
        private readonly ConnectionEvaluator _evaluator = new();
        private readonly IpcClient _client;
        private readonly List<int> _received = [];
        private int _emitted;

        internal Rig(int maxSubscriptions = 4096)
        {
            Host = new IpcHost(new IpcHostOptions { MaxSubscriptionsPerClient = maxSubscriptions });
            Export = Host.Export("a", Signal);
            Endpoint = Host.Start(_path.Endpoint);
            _client = new IpcClient(Endpoint, new IpcClientOptions { Evaluator = _evaluator });
            _client.Connect();
            RemoteSignal<int> import = _client.Import<int>("a");
            import.Connect(_received.Add);
            Until(() => import.State == RemoteState.Live);
        }

        internal IpcEndpoint Endpoint { get; }

        internal IpcHost Host { get; }

        internal Signal<int> Signal { get; } = new();

        internal ExportedSignal Export { get; }

        /// <summary>Emits values and checks that the client receives them.</summary>
        internal void EmitAndReceive(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Signal.Emit(_emitted++);
            }

            Until(() => _received.Count == _emitted);
            Assert.That(_received, Is.EqualTo(Enumerable.Range(0, _emitted)));
        }

        public async ValueTask DisposeAsync()
        {
            await _client.DisposeAsync().AsTask().Within("the end of the client");
            await Host.DisposeAsync().AsTask().Within("the end of the host");
            Signal.Dispose();
            _evaluator.Dispose();
            _path.Dispose();
        }

        private void Until(Func<bool> condition) =>
            Bounded.Until(
                () =>
                {
                    _evaluator.EvaluateDeferredConnections();
                    return condition();
                },
                "the client that reads"
            );
    }
}
