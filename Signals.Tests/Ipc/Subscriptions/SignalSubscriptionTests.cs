using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>A signal of a proxy represents a stream of the service.</summary>
[TestFixture]
public sealed class SignalSubscriptionTests
{
    [Test]
    public async Task T3_first_connection_calls_the_rpc_and_the_end_of_the_last_one_leaves_the_stream()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        ISignal<Degrees> measured = session.Proxy.Measured;
        await session.Proxy.MeasureAsync(1).Within("a round trip");
        Assert.That((session.Host.Host.ActiveCalls, session.Service.Measured.IsEmpty), Is.EqualTo((0, true)), "Nothing is connected yet.");
        for (int round = 0; round < 3; round++)
        {
            ConnectionHandle first = measured.Connect(_ => { });
            ConnectionHandle second = measured.Connect(_ => { });
            await session.SubscribedAsync();
            first.Disconnect();
            await session.Proxy.MeasureAsync(1).Within("a round trip");
            Assert.That((session.Host.Host.ActiveCalls, session.Service.Measured.ConnectionCount), Is.EqualTo((1, 1)), "One is connected still.");
            second.Disconnect();
            await session.ActiveAsync(0);
            Assert.That(session.Service.Measured.IsEmpty, Is.True, "The service's iterator has ended.");
        }
    }

    [Test]
    public async Task T3_several_listeners_share_one_stream_and_get_each_emission_in_order()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<string>();
        using ConnectionHandle first = session.Proxy.Measured.Connect(degrees => received.Add($"first {degrees.Value}"));
        using ConnectionHandle second = session.Proxy.Measured.Connect(degrees => received.Add($"second {degrees.Value}"));
        await session.SubscribedAsync();
        session.Service.Tell(1);
        session.Service.Tell(2);
        string[] expected = ["first 1", "second 1", "first 2", "second 2"];
        Assert.That(expected.Select(_ => received.Next()), Is.EqualTo(expected));
        await session.ActiveAsync(1);
        Assert.That(session.Service.Measured.ConnectionCount, Is.EqualTo(1));
    }

    [Test]
    public async Task T3_call_of_the_thread_that_has_connected_does_not_miss_what_it_causes()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<int>();
        for (int value = 1; value <= 100; value++)
        {
            using (session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value)))
            {
                await session.Proxy.MeasureAsync(value).Within("the call");
                Assert.That(received.Next(), Is.EqualTo(value));
            }
        }
    }

    [Test]
    public async Task T3_call_waits_for_a_subscription_that_blocks_and_other_requests_do_not()
    {
        using var isConnecting = new ManualResetEventSlim();
        using var mayConnect = new ManualResetEventSlim();
        var measured = new Signal<Degrees>(
            new SignalOptions
            {
                FirstConnectedHandler = () =>
                {
                    isConnecting.Set();
                    Bounded.Wait(mayConnect, "the permission to connect");
                },
            }
        );
        int calls = 0;
        var service = new ThermometerService(
            measured,
            onMeasure: degrees =>
            {
                Interlocked.Increment(ref calls);
                measured.Emit(degrees);
            }
        );
        await using ThermometerSession session = await ThermometerSession.StartAsync(service: service);
        using var received = new Received<int>();
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        Bounded.Wait(isConnecting, "the subscription");
        Task call = session.Proxy.MeasureAsync(7);
        using var another = new GreeterProxy();
        session.Host.Host.Expose(new ScriptedGreeter());
        await session.Client.BindAsync(another).Within("a binding while the subscription blocks");
        Assert.That((call.IsCompleted, Volatile.Read(ref calls)), Is.EqualTo((false, 0)));
        mayConnect.Set();
        await call.Within("the call");
        Assert.That(received.Next(), Is.EqualTo(7));
    }

    [Test]
    public async Task T3_signal_is_connected_to_before_there_is_a_client_or_a_host()
    {
        using var path = new SocketPath();
        using var received = new Received<int>();
        using var proxy = new ThermometerProxy();
        using ConnectionHandle connection = proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { Retry = true });
        client.Bind(proxy);
        client.Connect();
        await using var host = new IpcHost();
        var service = new ThermometerService();
        host.Expose(service);
        host.Start(path.Endpoint);
        await Bounded.UntilAsync(() => service.IsSubscribed, "the subscription");
        service.Tell(5);
        Assert.That(received.Next(), Is.EqualTo(5));
    }

    [Test]
    public async Task T3_stream_is_called_again_after_a_reconnection_before_the_proxy_is_told([Values] bool isLogged)
    {
        using var path = new SocketPath();
        using var received = new Received<int>();
        using var proxy = new ThermometerProxy();
        proxy.Connected.Connect(() => _ = MeasureAsync());
        using ConnectionHandle connection = proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        var options = new IpcClientOptions { Retry = true, Reconnect = true };
        if (isLogged)
        {
            options.Logger = new ListLogger();
        }

        await using var client = new IpcClient(path.Endpoint, options);
        client.Bind(proxy);
        client.Connect();
        for (int round = 0; round < 5; round++)
        {
            await using var host = new IpcHost();
            host.Expose(new ThermometerService());
            host.Start(path.Endpoint);
            Assert.That(received.Next(), Is.EqualTo(7), "What the call in the slot of Connected caused.");
            await Bounded.UntilAsync(() => host.ActiveCalls == 1, "the end of that call");
        }

        async Task MeasureAsync()
        {
            try
            {
                await proxy.MeasureAsync(7);
            }
            catch (IpcException)
            {
                // The host has ended meanwhile, which the test would notice.
            }
        }
    }

    [Test]
    public async Task T3_stream_is_called_again_while_replies_of_the_lost_connection_are_still_delivered()
    {
        const int Told = 100;
        const int Queued = 64;
        using var path = new SocketPath();
        using var evaluator = new ConnectionEvaluator();
        using var proxy = new ThermometerProxy();
        var values = new List<int>();
        using ConnectionHandle connection = proxy.Measured.Connect(degrees => values.Add(degrees.Value));
        await using var client = new IpcClient(
            path.Endpoint,
            new IpcClientOptions
            {
                Retry = true,
                Reconnect = true,
                Evaluator = evaluator,
            }
        );
        client.Bind(proxy);
        client.Connect();
        await using (var first = new IpcHost())
        {
            var service = new ThermometerService();
            first.Expose(service);
            first.Start(path.Endpoint);
            await Bounded.UntilAsync(() => service.IsSubscribed, "the subscription");
            for (int value = 0; value < Told; value++)
            {
                service.Tell(value);
            }

            await Bounded.UntilAsync(() => evaluator.PendingCount >= Queued, "the emissions");
        }

        await using var second = new IpcHost();
        var other = new ThermometerService();
        second.Expose(other);
        second.Start(path.Endpoint);
        await Bounded.UntilAsync(() => other.IsSubscribed, "the subscription beside the replies that wait for the evaluator");
        other.Tell(Told);
        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && values.Contains(Told), "the emission of the second host");
        Assert.That(values, Is.Ordered.And.Unique);
        Assert.That(values.Take(Queued), Is.EqualTo(Enumerable.Range(0, Queued)));
    }

    [Test]
    public async Task T3_connection_that_ends_inside_its_own_slot_leaves_the_stream()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<int>();
        session.Proxy.Measured.ConnectSingleShot(degrees => received.Add(degrees.Value));
        await session.SubscribedAsync();
        session.Service.Tell(1);
        Assert.That(received.Next(), Is.EqualTo(1));
        await session.ActiveAsync(0);
    }

    [Test]
    public async Task T3_slots_run_on_the_evaluator_of_the_client_in_order_and_the_reader_waits_for_them()
    {
        const int Count = 1000;
        using var evaluator = new ConnectionEvaluator();
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
        evaluator.EvaluateDeferredConnections();
        var values = new List<int>();
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => values.Add(degrees.Value));
        await session.SubscribedAsync();
        for (int value = 0; value < Count; value++)
        {
            session.Service.Tell(value);
        }

        await Bounded.UntilAsync(() => evaluator.PendingCount == 64, "the emissions");
        await session.Proxy.MeasureAsync(Count).Within("the call after the emissions");
        Assert.That((values.Count, evaluator.PendingCount), Is.EqualTo((0, 64)), "The others wait in the buffer of the stream.");
        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && values.Count == Count + 1, "all emissions");
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, Count + 1)));
    }

    [Test]
    public async Task T3_what_a_full_evaluator_drops_stops_nothing()
    {
        using var evaluator = new ConnectionEvaluator(
            new ConnectionEvaluatorOptions { Capacity = 3, FullMode = System.Threading.Channels.BoundedChannelFullMode.DropOldest }
        );
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
        int last = 0;
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => last = degrees.Value);
        await session.SubscribedAsync();
        for (int value = 1; value <= 500; value++)
        {
            session.Service.Tell(value);
        }

        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && last == 500, "the last emission");
        Assert.That(evaluator.DroppedCount, Is.GreaterThan(0));
    }

    [Test]
    public async Task T3_slot_that_throws_concerns_the_exception_handler_only()
    {
        using var failures = new Received<Exception>();
        using var evaluator = new ThreadPoolEvaluator(new ConnectionEvaluatorOptions { ExceptionHandler = failures.Add });
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => throw new InvalidOperationException($"{degrees.Value}"));
        await session.SubscribedAsync();
        foreach (int value in (int[])[1, 2])
        {
            session.Service.Tell(value);
            Assert.That(failures.Next().Message, Is.EqualTo($"{value}"));
        }
    }

    [Test]
    public async Task T3_new_connection_is_not_told_what_came_before_it()
    {
        using var evaluator = new ConnectionEvaluator();
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { Evaluator = evaluator });
        evaluator.EvaluateDeferredConnections();
        ConnectionHandle before = session.Proxy.Measured.Connect(_ => { });
        await session.SubscribedAsync();
        session.Service.Tell(1);
        await Bounded.UntilAsync(() => evaluator.PendingCount == 1, "the emission");
        before.Disconnect();
        await session.ActiveAsync(0);
        var values = new List<int>();
        using ConnectionHandle after = session.Proxy.Measured.Connect(degrees => values.Add(degrees.Value));
        await session.Proxy.MeasureAsync(2).Within("a call");
        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && values.Count > 0, "the emission");
        Assert.That(values, Is.EqualTo((int[])[2]));
    }

    [Test]
    public async Task T3_disposing_the_proxy_ends_the_connections_and_leaves_the_stream()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        ISignal<Degrees> measured = session.Proxy.Measured;
        ConnectionHandle connection = measured.Connect(_ => { });
        await session.SubscribedAsync();
        session.Proxy.Dispose();
        await session.ActiveAsync(0);
        Assert.That(connection.IsActive, Is.False);
        Assert.That(() => measured.Connect(_ => { }), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => session.Proxy.Temperature.Connect(_ => { }), Throws.InstanceOf<ObjectDisposedException>(), "One that was not used before.");
    }

    [Test]
    public async Task T3_proxy_of_a_client_that_was_disposed_subscribes_with_the_next_one()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<int>();
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        await session.SubscribedAsync();
        await session.Client.DisposeAsync();
        await session.ActiveAsync(0);
        await using var next = new IpcClient(session.Host.Endpoint);
        await next.ConnectAsync().Within("connecting");
        await next.BindAsync(session.Proxy).Within("binding");
        await session.Proxy.MeasureAsync(3).Within("the call");
        Assert.That(received.Next(), Is.EqualTo(3));
    }

    [Test]
    public async Task T3_stream_that_fails_is_called_again_after_a_delay_which_grows()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        int calls = 0;
        var service = new FailingThermometer(() => Interlocked.Increment(ref calls));
        await using var host = new TestHost(service);
        await using var client = new IpcClient(host.Endpoint, new IpcClientOptions { TimeProvider = time, Logger = logger });
        using var proxy = new ThermometerProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        using ConnectionHandle connection = proxy.Measured.Connect(_ => { });
        for (int seconds = 1; seconds <= 60; seconds *= 2)
        {
            var delay = TimeSpan.FromSeconds(Math.Min(seconds, 30));
            await Bounded.UntilAsync(() => time.Due.Contains(delay), $"the timer of {delay}");
            time.Advance(delay);
        }

        await Bounded.UntilAsync(() => Volatile.Read(ref calls) == 7, "the calls");
        Assert.That(logger.Entries.Count(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("Thermometer.Measured")), Is.AtLeast(6));
    }

    [Test]
    public async Task T3_rpc_that_the_host_does_not_have_is_logged_and_called_on_the_next_connection_only()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint, new IpcClientOptions { TimeProvider = time, Logger = logger });
        using var proxy = new ThermometerProxy();
        Task connecting = client.ConnectAsync();
        await host.AcceptAsync();
        await connecting.Within("connecting");
        Task binding = client.BindAsync(proxy);
        await host.ReplyToBindAsync();
        await binding.Within("binding");
        using ConnectionHandle connection = proxy.Measured.Connect(_ => { });
        await Bounded.UntilAsync(() => logger.Entries.Any(entry => entry.Level == LogLevel.Warning && entry.Text.Contains("does not have")), "the log");
        Assert.That(time.Due, Has.None.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task T3_interceptors_see_one_call_for_all_listeners()
    {
        using var seen = new Received<string>();
        await using ThermometerSession session = await ThermometerSession.StartAsync(
            new IpcClientOptions { Interceptors = [new RecordingInterceptor("client", seen)] }
        );
        using var received = new Received<int>();
        using ConnectionHandle first = session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        using ConnectionHandle second = session.Proxy.Measured.Connect(_ => { });
        await session.SubscribedAsync();
        session.Service.Tell(4);
        Assert.That(received.Next(), Is.EqualTo(4));
        Assert.That((seen.Next(), seen.Count), Is.EqualTo(("client: Thermometer.Measured begins", 0)));
        second.Disconnect();
        first.Disconnect();
        await session.ActiveAsync(0);
    }

    [Test]
    public void T3_signals_of_one_rpc_are_one_object_and_wrong_uses_are_refused()
    {
        using var proxy = new ThermometerProxy();
        ISignal<Degrees> measured = proxy.Measured;
        IReadOnlyProperty<Degrees> temperature = proxy.Temperature;
        Assert.That((proxy.Measured, proxy.Temperature), Is.EqualTo((measured, temperature)));
        Assert.That(() => proxy.MeasureAsSignal, Throws.ArgumentException.With.Message.Contains("Thermometer.Measure"));
        Assert.That(() => proxy.Foreign, Throws.ArgumentException.With.Message.Contains("Thermometer"));
        Assert.That(() => proxy.Null, Throws.ArgumentNullException);
        Assert.That(() => proxy.TemperatureAsSignal, Throws.InvalidOperationException.With.Message.Contains("Thermometer.Temperature"));
        Assert.That(() => proxy.MeasuredAsProperty, Throws.InvalidOperationException.With.Message.Contains("Thermometer.Measured"));
    }

    [Test]
    public async Task T3_connecting_and_disconnecting_on_several_threads_leaves_one_stream_or_none()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<int>();
        await Task.WhenAll(
                Enumerable
                    .Range(0, 4)
                    .Select(_ =>
                        Task.Run(() =>
                        {
                            for (int i = 0; i < 300; i++)
                            {
                                session.Proxy.Measured.Connect(static _ => { }).Disconnect();
                            }
                        })
                    )
            )
            .Within("the threads");
        await session.ActiveAsync(0);
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        await session.Proxy.MeasureAsync(9).Within("the call");
        Assert.That(received.Next(), Is.EqualTo(9));
        await session.SubscribedAsync();
    }

    /// <summary>A thermometer whose signal fails each call.</summary>
    private sealed class FailingThermometer : Service
    {
        internal FailingThermometer(Action onCall)
            : base(ThermometerReflection.Descriptor.Services[0])
        {
            Unary<Degrees, Degrees>((request, _) => request, "Measure");
            Stream<Nothing, Degrees>(
                (_, _) =>
                {
                    onCall();
                    throw new IpcStatusException(IpcStatusCode.PermissionDenied, "Not today.");
                },
                "Measured"
            );
            Stream<Nothing, Degrees>(new Property<Degrees>(new Degrees()), "Temperature");
        }
    }
}
