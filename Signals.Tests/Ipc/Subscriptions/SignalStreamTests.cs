using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>The signals and properties of a service are ordinary streams on the wire.</summary>
[TestFixture]
public sealed class SignalStreamTests
{
    private const uint Measured = 2;
    private const uint Temperature = 3;

    [Test]
    public async Task T3_plain_peer_sees_the_emissions_of_a_signal_as_an_ordinary_stream()
    {
        var service = new ThermometerService();
        await using var host = new TestHost(service);
        using RawClient client = Bound(host);
        IPCFrame call = client.Call(Measured);
        client.Send(call);
        await Bounded.UntilAsync(() => service.IsSubscribed, "the subscription");
        service.Tell(1);
        service.Tell(2);
        Assert.That((Next(client, call), Next(client, call)), Is.EqualTo(((1, true), (2, true))));
        service.Measured.Dispose();
        IPCFrame.Types.InvokeMethodReply end = client.ReceiveReply(call.RequestId);
        Assert.That((end.Success, end.HasMore, end.ReplyProto.Length), Is.EqualTo((true, false, 0)), "The signal has been disposed.");
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the call");
    }

    [Test]
    public async Task T3_plain_peer_sees_the_current_value_of_a_property_first()
    {
        var service = new ThermometerService();
        service.Tell(20);
        await using var host = new TestHost(service);
        using RawClient client = Bound(host);
        IPCFrame call = client.Call(Temperature);
        client.Send(call);
        Assert.That(Next(client, call), Is.EqualTo((20, true)));
        service.Tell(20);
        service.Tell(21);
        Assert.That(Next(client, call), Is.EqualTo((21, true)));
        service.Temperature.Dispose();
        Assert.That(client.ReceiveReply(call.RequestId).HasMore, Is.False);
    }

    [Test]
    public async Task T3_plain_peer_that_hangs_up_leaves_the_signal_and_the_property()
    {
        var service = new ThermometerService();
        await using var host = new TestHost(service);
        using (RawClient client = Bound(host))
        {
            client.Send(client.Call(Measured), client.Call(Temperature));
            await Bounded.UntilAsync(() => host.Host.ActiveCalls == 2 && service.IsSubscribed, "the subscriptions");
        }

        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0 && service.Measured.IsEmpty, "the end of the calls");
    }

    [Test]
    public async Task T3_call_of_a_signal_that_wants_no_reply_ends_at_once()
    {
        var service = new ThermometerService();
        await using var host = new TestHost(service);
        using RawClient client = Bound(host);
        IPCFrame call = client.Call(1);
        client.Send(client.Call(Measured, dropReply: true), client.Call(Temperature, dropReply: true), call);
        client.ReceiveReply(call.RequestId);
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the calls");
        Assert.That(service.Measured.IsEmpty, Is.True);
    }

    [Test]
    public async Task T3_signal_of_a_plain_host_is_the_stream_that_it_sends()
    {
        using var path = new SocketPath();
        using var host = new ScriptedHost(path.Endpoint);
        await using var client = new IpcClient(path.Endpoint);
        using var proxy = new ThermometerProxy();
        Task connecting = client.ConnectAsync();
        await host.AcceptAsync();
        await connecting.Within("connecting");
        Task binding = client.BindAsync(proxy);
        IPCFrame bind = await host.ReadFrameAsync();
        IPCFrame reply = ScriptedHost.BindReply(bind.RequestId);
        reply.MsgBindServiceReply.Methods[0].Name = "Measured";
        await host.SendAsync(reply);
        await binding.Within("binding");
        using var received = new Received<int>();
        ConnectionHandle connection = proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        IPCFrame call = await host.ReadFrameAsync();
        Assert.That((call.MsgInvokeMethod.MethodId, call.MsgInvokeMethod.ArgsProto.Length), Is.EqualTo((13, 0)));
        await host.SendAsync(Emission(call.RequestId, 1), Emission(call.RequestId, 2));
        Assert.That((received.Next(), received.Next()), Is.EqualTo((1, 2)));
        connection.Disconnect();
        await host.SendAsync(Emission(call.RequestId, 3));
        using ConnectionHandle again = proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        IPCFrame next = await host.ReadFrameAsync();
        await host.SendAsync(Emission(call.RequestId, 4), Emission(next.RequestId, 5));
        Assert.That(received.Next(), Is.EqualTo(5), "What comes for the call that was left is ignored.");
        Assert.That(client.PendingCalls, Is.EqualTo(1));
    }

    [Test]
    public async Task T3_emission_never_waits_and_a_client_that_does_not_read_is_told_that_it_was_too_slow()
    {
        const int Count = 5000;
        var service = new ThermometerService();
        await using var host = new TestHost(service, new IpcHostOptions { WriteTimeout = Timeout.InfiniteTimeSpan });
        using RawClient slow = Bound(host);
        using RawClient fast = Bound(host);
        IPCFrame slowCall = slow.Call(Measured);
        slow.Send(slowCall);
        IPCFrame fastCall = fast.Call(Measured);
        fast.Send(fastCall);
        await Bounded.UntilAsync(() => service.Measured.ConnectionCount == 2, "the subscriptions");
        for (int value = 1; value <= Count; value++)
        {
            service.Tell(value, bytes: 1000);
            Assert.That(Next(fast, fastCall), Is.EqualTo((value, true)));
        }

        Assert.That(service.Measured.ConnectionCount, Is.EqualTo(1), "The slow client has been disconnected.");
        int last = 0;
        while (true)
        {
            IPCFrame.Types.InvokeMethodReply reply = slow.ReceiveReply(slowCall.RequestId);
            if (!reply.Success)
            {
                Assert.That(reply.HasMore, Is.False);
                break;
            }

            Assert.That(Degrees.Parser.ParseFrom(reply.ReplyProto).Value, Is.EqualTo(++last), "What was queued is sent, without a gap.");
        }

        Assert.That(last, Is.GreaterThan(500).And.LessThan(Count));
        IPCFrame again = slow.Call(1);
        slow.Send(again);
        slow.ReceiveReply(again.RequestId);
    }

    [Test]
    public async Task T3_client_that_was_too_slow_is_told_the_status_and_subscribes_again()
    {
        var time = new FakeTime();
        var logger = new ListLogger();
        using var evaluator = new ConnectionEvaluator();
        var options = new IpcClientOptions
        {
            Evaluator = evaluator,
            TimeProvider = time,
            Logger = logger,
            MaxBufferedStreamBytes = 10_000,
        };
        await using ThermometerSession session = await ThermometerSession.StartAsync(
            options,
            new IpcHostOptions { WriteTimeout = Timeout.InfiniteTimeSpan, KeepAlive = Timeout.InfiniteTimeSpan }
        );
        int last = 0;
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => last = degrees.Value);
        await session.SubscribedAsync();
        for (int value = 1; !session.Service.Measured.IsEmpty; value++)
        {
            Assert.That(value, Is.LessThan(100_000));
            session.Service.Tell(value, bytes: 10_000);
        }

        await Bounded.UntilAsync(
            () => evaluator.EvaluateDeferredConnections() >= 0 && logger.Entries.Any(entry => entry.Text.Contains("too slow")),
            "the failure of the stream"
        );

        // Values that came after the last evaluation, before the failure.
        evaluator.EvaluateDeferredConnections();
        Assert.That(last, Is.GreaterThan(64));
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromSeconds(1)), "the timer");

        // That timer may be another one: the client sets its own at about the same time.
        await Bounded.UntilAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return session.Service.IsSubscribed;
            },
            "the next subscription"
        );
        session.Service.Tell(-5);
        await Bounded.UntilAsync(() => evaluator.EvaluateDeferredConnections() >= 0 && last == -5, "the emission after it");
    }

    [Test]
    public async Task T3_client_that_does_not_read_is_sent_the_last_value_of_a_property()
    {
        const int Count = 5000;
        var service = new ThermometerService();
        await using var host = new TestHost(service, new IpcHostOptions { WriteTimeout = Timeout.InfiniteTimeSpan });
        using RawClient client = Bound(host);
        IPCFrame call = client.Call(Temperature);
        client.Send(call);
        Assert.That(Next(client, call), Is.EqualTo((0, true)));
        for (int value = 1; value <= Count; value++)
        {
            service.Tell(value, bytes: 1000);
        }

        int read = 0;
        int last = 0;
        while (last != Count)
        {
            (int value, bool hasMore) = Next(client, call);
            Assert.That((value > last, hasMore), Is.EqualTo((true, true)));
            last = value;
            read++;
        }

        Assert.That(read, Is.LessThan(Count));
    }

    [Test]
    public async Task T3_message_may_be_larger_than_what_may_wait_and_be_reused_after_the_emission()
    {
        var options = new IpcHostOptions { MaxFrameSize = 8 << 20 };
        await using ThermometerSession session = await ThermometerSession.StartAsync(new IpcClientOptions { MaxFrameSize = 8 << 20 }, options);
        using var received = new Received<(int, int)>();
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => received.Add((degrees.Value, degrees.Padding.Length)));
        await session.SubscribedAsync();
        var message = new Degrees { Padding = ByteString.CopyFrom(new byte[2 << 20]) };
        for (int value = 1; value <= 3; value++)
        {
            message.Value = value;
            session.Service.Measured.Emit(message);
            message.Value = 0;
            Assert.That(received.Next(), Is.EqualTo((value, 2 << 20)));
        }
    }

    [Test]
    public async Task T3_streams_end_when_the_host_begins_to_stop()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync(
            hostOptions: new IpcHostOptions { GracePeriod = Timeout.InfiniteTimeSpan }
        );
        using ConnectionHandle signal = session.Proxy.Measured.Connect(_ => { });
        using ConnectionHandle property = session.Proxy.Temperature.Connect(_ => { });
        await session.ActiveAsync(2);
        await session.Host.Host.StopAsync().Within("the end of the host");
        Assert.That(session.Service.Measured.IsEmpty, Is.True);
    }

    [Test]
    public async Task T3_signal_with_handlers_is_connected_while_there_are_subscribers()
    {
        int subscribers = 0;
        using var measured = new Signal<Degrees>(
            new SignalOptions
            {
                FirstConnectedHandler = () => Interlocked.Increment(ref subscribers),
                LastDisconnectedHandler = () => Interlocked.Decrement(ref subscribers),
            }
        );
        await using ThermometerSession session = await ThermometerSession.StartAsync(service: new ThermometerService(measured));
        Assert.That(Volatile.Read(ref subscribers), Is.Zero);
        ConnectionHandle connection = session.Proxy.Measured.Connect(_ => { });
        await Bounded.UntilAsync(() => Volatile.Read(ref subscribers) == 1, "the connection");
        connection.Disconnect();
        await Bounded.UntilAsync(() => Volatile.Read(ref subscribers) == 0, "the end of the connection");
    }

    [Test]
    public async Task T3_property_of_a_service_may_be_computed()
    {
        var celsius = new Property<int>(20);
        Computed<Degrees> temperature = Computed.Of(() => new Degrees { Value = celsius.Value * 2 });
        await using ThermometerSession session = await ThermometerSession.StartAsync(service: new ThermometerService(temperature: temperature));
        using var received = new Received<int>();
        using ConnectionHandle connection = session.Proxy.Temperature.Connect(degrees => received.Add(degrees.Value));
        Assert.That(received.Next(), Is.EqualTo(40));
        celsius.Value = 21;
        Assert.That(received.Next(), Is.EqualTo(42));
    }

    [Test]
    public async Task T3_emitting_null_throws_to_the_service_and_ends_nothing()
    {
        await using ThermometerSession session = await ThermometerSession.StartAsync();
        using var received = new Received<int>();
        using ConnectionHandle connection = session.Proxy.Measured.Connect(degrees => received.Add(degrees.Value));
        await session.SubscribedAsync();
        Assert.That(() => session.Service.Measured.Emit(null!), Throws.ArgumentNullException);
        session.Service.Tell(1);
        Assert.That(received.Next(), Is.EqualTo(1));
    }

    [Test]
    public async Task T3_subscription_to_a_signal_that_was_disposed_ends_at_once()
    {
        var service = new ThermometerService();
        service.Measured.Dispose();
        service.Temperature.Dispose();
        await using var host = new TestHost(service);
        using RawClient client = Bound(host);
        foreach (uint method in (uint[])[Measured, Temperature])
        {
            IPCFrame.Types.InvokeMethodReply end = client.Invoke(method);
            Assert.That((end.Success, end.HasMore, end.ReplyProto.Length), Is.EqualTo((true, false, 0)));
        }
    }

    private static RawClient Bound(TestHost host)
    {
        RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(client.Bind("Thermometer").MsgBindServiceReply.Success, Is.True);
        return client;
    }

    private static (int Value, bool HasMore) Next(RawClient client, IPCFrame call)
    {
        IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(call.RequestId);
        Assert.That(reply.Success, Is.True);
        return (Degrees.Parser.ParseFrom(reply.ReplyProto).Value, reply.HasMore);
    }

    private static IPCFrame Emission(ulong requestId, int value) =>
        new()
        {
            RequestId = requestId,
            MsgInvokeMethodReply = new IPCFrame.Types.InvokeMethodReply
            {
                Success = true,
                HasMore = true,
                ReplyProto = new Degrees { Value = value }.ToByteString(),
            },
        };
}
