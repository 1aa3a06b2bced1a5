using System.ComponentModel;
using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>A property of a proxy represents a stream of the service that begins with the current value.</summary>
[TestFixture]
public sealed class PropertySubscriptionTests
{
    [Test]
    public async Task T3_property_starts_with_an_empty_message_and_gets_the_current_value_when_it_is_connected_to()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        session.Service.Tell(20);
        IReadOnlyProperty<Degrees> temperature = session.Proxy.Temperature;
        Assert.That(temperature.Value, Is.EqualTo(new Degrees()));
        using var received = new Received<int>();
        using ConnectionHandle connection = temperature.Connect(degrees => received.Add(degrees.Value));

        // It may have come while the slot was being connected, which is then not told of it.
        await Bounded.UntilAsync(() => temperature.Value.Value == 20, "the value of the service");
        session.Service.Tell(21);
        int next = received.Next();
        Assert.That(next == 20 ? received.Next() : next, Is.EqualTo(21));
    }

    [Test]
    public async Task T3_connect_with_current_gives_the_known_value_and_then_that_of_the_service()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        session.Service.Tell(20);
        using var received = new Received<int>();
        using ConnectionHandle connection = session.Proxy.Temperature.ConnectWithCurrent(degrees => received.Add(degrees.Value));
        int known = received.Next();
        Assert.That(known == 0 ? received.Next() : known, Is.EqualTo(20));
    }

    [Test]
    public async Task T3_property_is_subscribed_to_while_it_is_observed_by_any_means([Values("slot", "current", "effect", "computed", "event")] string how)
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        session.Service.Tell(20);
        IReadOnlyProperty<Degrees> temperature = session.Proxy.Temperature;
        using var received = new Received<int>();
        Computed<int> value = Computed.Of(() => temperature.Value.Value);
        Assert.That(value.Value, Is.Zero);
        await session.Proxy.MeasureAsync(20).Within("a round trip");
        Assert.That(session.Host.Host.ActiveCalls, Is.Zero, "Reading is not observing.");
        PropertyChangedEventHandler onChanged = (_, _) => received.Add(temperature.Peek().Value);
        IDisposable observer = how switch
        {
            "slot" => temperature.Connect(degrees => received.Add(degrees.Value)),
            "current" => temperature.ConnectWithCurrent(degrees => received.Add(degrees.Value)),
            "effect" => Effect.Run(() => received.Add(temperature.Value.Value)),
            "computed" => value.Connect(received.Add),
            _ => new Subscription((INotifyPropertyChanged)temperature, onChanged),
        };
        await session.ActiveAsync(1);

        // It may have come while the observer was connecting, which is then not told of it.
        await Bounded.UntilAsync(() => temperature.Peek().Value == 20, "the value of the service");
        session.Service.Tell(21);
        int last;
        do
        {
            last = received.Next();
        } while (last is 0 or 20);

        Assert.That(last, Is.EqualTo(21));
        observer.Dispose();
        await session.ActiveAsync(0);
        Assert.That(temperature.Value.Value, Is.EqualTo(21), "The last value is kept.");
    }

    [Test]
    public async Task T3_value_changes_on_the_evaluator_just_before_its_slots_and_only_to_the_last_one_that_waits()
    {
        using var evaluator = new ConnectionEvaluator();
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
        IReadOnlyProperty<Degrees> temperature = session.Proxy.Temperature;
        var values = new List<int>();
        using ConnectionHandle connection = temperature.Connect(degrees =>
        {
            values.Add(degrees.Value);
            Assert.That(temperature.Value, Is.SameAs(degrees));
        });
        await session.ActiveAsync(1);
        for (int value = 1; value <= 1000; value++)
        {
            session.Service.Tell(value);
        }

        await session.Proxy.MeasureAsync(1001).Within("the call after the changes");
        Assert.That((values.Count, temperature.Value.Value), Is.EqualTo((0, 0)));
        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && temperature.Value.Value == 1001, "the last value");
        Assert.That(values, Is.Ordered.And.Unique);
        Assert.That(values, Has.Count.LessThan(1000));
    }

    [Test]
    public async Task T3_value_after_a_reconnection_is_told_if_it_differs()
    {
        using var path = new SocketPath();
        using var received = new Received<int>();
        using var proxy = new ThermometerProxy();
        using ConnectionHandle connection = proxy.Temperature.Connect(degrees => received.Add(degrees.Value));
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Retry = true, Reconnect = true });
        client.Bind(proxy);
        client.Connect();
        foreach (int value in (int[])[5, 5, 6])
        {
            await using var host = new IpcHost();
            var service = new ThermometerService();
            service.Tell(value);
            host.Expose(service);
            host.Start(path.Endpoint);
            await Bounded.UntilAsync(() => host.ActiveCalls == 1, "the subscription");
            await Bounded.UntilAsync(() => proxy.Temperature.Value.Value == value, "the value");
        }

        Assert.That((received.Next(), received.Next()), Is.EqualTo((5, 6)));
    }

    [Test]
    public async Task T3_values_of_concurrent_changes_arrive_in_order_and_the_last_one_arrives()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        for (int round = 1; round <= 20; round++)
        {
            int start = round * 1000;
            using var begin = new Barrier(2);
            Task setting = Task.Run(() =>
            {
                Bounded.Wait(begin);
                for (int value = start; value < start + 100; value++)
                {
                    session.Service.Tell(value);
                }
            });
            var values = new List<int>();
            Bounded.Wait(begin);
            using ConnectionHandle connection = session.Proxy.Temperature.Connect(degrees =>
            {
                lock (values)
                {
                    values.Add(degrees.Value);
                }
            });
            await setting.Within("the changes");
            await Bounded.UntilAsync(() => session.Proxy.Temperature.Value.Value == start + 99, "the last value");
            lock (values)
            {
                Assert.That(values, Is.Ordered.And.Unique);
            }
        }
    }

    [Test]
    public async Task T3_property_of_a_proxy_cannot_be_set_and_keeps_its_value_when_the_proxy_is_disposed()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        session.Service.Tell(20);
        IReadOnlyProperty<Degrees> temperature = session.Proxy.Temperature;
        Assert.That(temperature, Is.Not.InstanceOf<Property<Degrees>>());
        using var received = new Received<int>();
        ConnectionHandle connection = temperature.Connect(degrees => received.Add(degrees.Value));
        await Bounded.UntilAsync(() => temperature.Value.Value == 20, "the value of the service");
        session.Proxy.Dispose();
        await session.ActiveAsync(0);
        Assert.That((connection.IsActive, temperature.Value.Value), Is.EqualTo((false, 20)));
        Assert.That(() => temperature.Connect(_ => { }), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task T3_disposing_a_proxy_while_its_property_changes_throws_nothing()
    {
        for (int round = 0; round < 30; round++)
        {
            using var failures = new Received<Exception>();
            using var evaluator = new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { ExceptionHandler = failures.Add });
            await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
            using var received = new Received<int>();
            session.Proxy.Temperature.Connect(degrees => received.Add(degrees.Value));
            await session.ActiveAsync(1);
            session.Service.Tell(1);
            received.Next();
            Task changing = Task.Run(() =>
            {
                for (int value = 2; value < 50; value++)
                {
                    session.Service.Tell(value);
                }
            });
            session.Proxy.Dispose();
            await changing.Within("the changes");
            await session.ActiveAsync(0);
            Assert.That(failures.Count, Is.Zero);
        }
    }

    /// <summary>A handler of the event that toolkits use.</summary>
    private sealed class Subscription : IDisposable
    {
        private readonly INotifyPropertyChanged _source;
        private readonly PropertyChangedEventHandler _handler;

        internal Subscription(INotifyPropertyChanged source, PropertyChangedEventHandler handler)
        {
            _source = source;
            _handler = handler;
            source.PropertyChanged += handler;
        }

        public void Dispose() => _source.PropertyChanged -= _handler;
    }
}
