using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Client;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc;

public sealed class ClientBindTests : ClientFixture
{
    [Test]
    public async Task K1_outcome_of_connecting_is_never_delivered_from_inside_the_call()
    {
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Evaluator = evaluator });
        int connected = 0;
        client.Connected.Connect(() => connected++);
        client.Connect();
        await evaluator.WaitForInvocationsAsync().Within("the outcome");
        Assert.That(connected, Is.Zero, "before it is evaluated");
        evaluator.EvaluateDeferredConnections();
        Assert.That(connected, Is.EqualTo(1));
        Assert.That(client.IsConnected, Is.True);
    }

    [Test]
    public async Task K1_failure_is_also_delivered_later_and_contains_advice()
    {
        EndHost();
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Evaluator = evaluator });
        var reasons = new List<DisconnectReason>();
        client.ConnectFailed.Connect(reasons.Add);
        client.Connect();
        await evaluator.WaitForInvocationsAsync().Within("the outcome");
        Assert.That(reasons, Is.Empty, "before it is evaluated");
        evaluator.EvaluateDeferredConnections();
        Assert.That(reasons.Single().Cause, Is.EqualTo(DisconnectCause.ConnectFailed));
        Assert.That(reasons.Single().Message, Does.Contain(SocketFile).And.Contain("start the host"));
    }

    [Test]
    public async Task C1_bindings_before_the_connection_are_sent_in_order_when_it_is_established()
    {
        await using var client = new IpcClient(Endpoint);
        using var first = new GreeterProxy();
        using var second = new OtherProxy();
        using var third = new GreeterProxy();
        client.Bind(first);
        client.Bind(second);
        client.Connect();
        await Host.AcceptAsync();
        client.Bind(third);
        string[] names = ["Greeter", "Other", "Greeter"];
        for (int i = 0; i < names.Length; i++)
        {
            IPCFrame frame = await Host.ReadFrameAsync();
            Assert.That(frame.MsgBindService.ServiceName, Is.EqualTo(names[i]));
            Assert.That(frame.RequestId, Is.EqualTo(i + 1), "request ids increase by one");
        }
    }

    [Test]
    public async Task C2_proxy_is_notified_of_its_binding_once()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        client.Bind(proxy);
        IPCFrame request = await Host.ReplyToBindAsync();
        await connected.NextAsync("Connected");
        Assert.That(proxy.IsConnected, Is.True);

        // A second reply to the same request is ignored.
        await Host.SendAsync(ScriptedHost.BindReply(request.RequestId));
        await RoundTripAsync(proxy);
        Assert.That(connected.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task C2_proxy_is_notified_that_its_service_was_refused()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(
            new IPCFrame
            {
                RequestId = request.RequestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false },
            }
        );
        DisconnectReason reason = await disconnected.NextAsync("Disconnected");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.Refused));
        Assert.That(reason.Message, Does.Contain("Greeter"));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the refusal"));
        Assert.That(proxy.IsConnected, Is.False);
        Assert.That(client.IsConnected, Is.True);

        // It may be bound again, for instance when the host has loaded a plug-in.
        Task again = client.BindAsync(proxy);
        await Host.ReplyToBindAsync();
        await again.Within("binding again");
    }

    [Test]
    public async Task C2_request_error_refuses_a_binding()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(
            new IPCFrame
            {
                RequestId = request.RequestId,
                MsgRequestError = new IPCFrame.Types.RequestError { Error = "what?" },
            }
        );
        IpcDisconnectedException? exception = await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the refusal"));
        Assert.That(exception!.Message, Does.Contain("what?"));
    }

    [Test]
    public async Task C4_failed_connect_without_retry_fails_every_queued_binding()
    {
        EndHost();
        await using var client = new IpcClient(Endpoint);
        using var first = new GreeterProxy();
        using var second = new OtherProxy();
        SignalProbe<DisconnectReason>[] probes = [Probe.Of(first.Disconnected), Probe.Of(second.Disconnected)];
        client.Bind(first);
        Task binding = client.BindAsync(second);
        await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
        foreach (SignalProbe<DisconnectReason> probe in probes)
        {
            Assert.That((await probe.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.ConnectFailed));
            Assert.That(probe.WaitingCount, Is.Zero);
        }

        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));

        // The client is as new.
        RestartHost();
        Task connecting = client.ConnectAsync();
        await Host.AcceptAsync();
        await connecting.Within("connecting");
        Task again = client.BindAsync(first);
        await Host.ReplyToBindAsync();
        await again.Within("binding");
    }

    [Test]
    public async Task C8_second_proxy_for_a_bound_service_fails_alone()
    {
        (IpcClient client, GreeterProxy first) = await BindAsync();
        await using IpcClient disposed = client;
        using var second = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(second.Disconnected);
        client.Bind(second);
        await Host.ReplyToBindAsync();
        Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.AlreadyBound));
        Assert.That(second.IsConnected, Is.False);
        await RoundTripAsync(first);

        // When the first proxy has been disposed, the service is free.
        first.Dispose();
        Task again = client.BindAsync(second);
        await Host.ReplyToBindAsync();
        await again.Within("binding");
        await RoundTripAsync(second);
    }

    [Test]
    public async Task C8_refusal_names_the_service_whose_id_was_assigned_twice()
    {
        (IpcClient client, GreeterProxy first) = await BindAsync();
        await using IpcClient disposed = client;
        using var same = new GreeterProxy();
        using var other = new OtherProxy();
        SignalProbe<DisconnectReason> sameRefused = Probe.Of(same.Disconnected);
        SignalProbe<DisconnectReason> otherRefused = Probe.Of(other.Disconnected);
        client.Bind(same);
        client.Bind(other);
        await Host.ReplyToBindAsync();
        await Host.ReplyToBindAsync();
        Assert.That((await sameRefused.NextAsync("the refusal")).Message, Does.Contain("is already bound to service Greeter"));
        Assert.That((await otherRefused.NextAsync("the refusal")).Message, Does.Contain("same id to services Greeter and Other"));
        await RoundTripAsync(first);
    }

    [Test]
    public async Task Proxy_of_one_client_cannot_be_bound_by_another()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        await using var other = new IpcClient(Endpoint);
        Assert.That(() => other.Bind(proxy), Throws.InvalidOperationException);
        Assert.That(() => client.Bind(proxy), Throws.InvalidOperationException);
    }

    [Test]
    public async Task C2_queued_events_are_delivered_even_if_the_proxy_is_bound_again_first()
    {
        using var evaluator = new ConnectionEvaluator();
        await using IpcClient client = await ConnectAsync(new IpcClientOptions { Evaluator = evaluator });
        using var proxy = new GreeterProxy();
        var told = new List<string>();
        proxy.Connected.Connect(() => told.Add("connected"));
        proxy.Disconnected.Connect(reason => told.Add($"{reason.Cause}"));
        Task refused = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(
            new IPCFrame
            {
                RequestId = request.RequestId,
                MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false },
            }
        );
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => refused.Within("the refusal"));
        Task bound = client.BindAsync(proxy);
        await Host.ReplyToBindAsync();
        await bound.Within("binding");

        // And a third time, after it was bound.
        Host.HangUp();
        await Bounded.UntilAsync(() => !client.IsConnected, "the disconnection");
        client.Bind(proxy);
        await Bounded.UntilAsync(
            () => evaluator.EvaluateDeferredConnections() >= 0 && told.Count >= 3,
            "the events, which follow the change of the state"
        );
        Assert.That(told, Is.EqualTo((string[])["Refused", "connected", "ClosedByPeer"]));
    }

    [Test]
    public async Task C2_binding_of_another_connection_is_ignored()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        await Host.ReadFrameAsync();
        using var former = new ClientConnection(client.Session, new IpcClientOptions());
        client.Session.OnBound(former, proxy, new ServiceBinding(former, 1, [1, 2, 3]));
        Assert.That(proxy.IsConnected, Is.False);
    }

    [Test]
    public async Task C4_reconnect_without_retry_does_not_retry_the_first_connection()
    {
        EndHost();
        var time = new FakeTime();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Reconnect = true, TimeProvider = time });
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        await Assert.ThrowsAsync<IpcException>(() => client.ConnectAsync().Within("the failure"));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the failure"));
        Assert.That(time.Due, Is.Empty);
    }

    [Test]
    public async Task Failures_without_an_awaiter_are_not_unobserved_exceptions([Values] bool isGivenUp)
    {
        EndHost();
        await using var client = new IpcClient(Endpoint);
        int unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> onUnobserved = (_, args) =>
            unobserved += args.Exception.ToString().Contains(SocketFile, StringComparison.Ordinal) ? 1 : 0;
        TaskScheduler.UnobservedTaskException += onUnobserved;
        try
        {
            for (int i = 0; i < 10; i++)
            {
                await BindInVainAsync();
            }

            Garbage.Collect();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onUnobserved;
        }

        Assert.That(unobserved, Is.Zero);

        async Task BindInVainAsync()
        {
            using var proxy = new GreeterProxy();
            SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
            if (isGivenUp)
            {
                var givenUp = new CancellationToken(canceled: true);
                Assert.That(client.BindAsync(proxy, givenUp).IsCanceled, Is.True);
                Assert.That(client.ConnectAsync(givenUp).IsCanceled, Is.True);
            }
            else
            {
                client.Bind(proxy);
                client.Connect();
            }

            await disconnected.NextAsync("Disconnected");
        }
    }

    [Test]
    public async Task Binding_null_or_a_disposed_object_is_refused_by_name()
    {
        using var evaluator = new ConnectionEvaluator();
        await using var client = new IpcClient(Endpoint, new IpcClientOptions { Evaluator = evaluator });
        Assert.That(() => client.Bind(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("proxy"));
        Assert.That(() => client.BindAsync(null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("proxy"));
        var disposed = new GreeterProxy();
        disposed.Dispose();
        Assert.That(
            () => client.Bind(disposed),
            Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo(typeof(GreeterProxy).FullName)
        );
        await client.DisposeAsync();
        using var proxy = new GreeterProxy();
        Assert.That(() => client.Bind(proxy), Throws.TypeOf<ObjectDisposedException>().With.Property("ObjectName").EqualTo(typeof(IpcClient).FullName));
        Assert.That(client.Connect, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => client.ConnectAsync(), Throws.TypeOf<ObjectDisposedException>());

        // The refused proxy is as new.
        await using var other = new IpcClient(Endpoint);
        Assert.That(() => other.Bind(proxy), Throws.Nothing);
    }

    [Test]
    public async Task Service_whose_name_is_larger_than_a_frame_is_refused_and_changes_nothing()
    {
        await using IpcClient client = await ConnectAsync(new IpcClientOptions { MaxFrameSize = 64 });
        using var large = new LargeNameProxy();
        Assert.That(
            () => client.Bind(large),
            Throws.TypeOf<IpcException>().With.Message.Contains("ServiceWhoseName").And.Message.Contains("64").And.Message.Contains("MaxFrameSize")
        );
        using var proxy = new GreeterProxy();
        client.Bind(proxy);
        Assert.That((await Host.ReadFrameAsync()).MsgBindService.ServiceName, Is.EqualTo("Greeter"));
        await using IpcClient roomy = new(Endpoint);
        Assert.That(() => roomy.Bind(large), Throws.Nothing, "The proxy does not belong to a client yet.");
    }

    [Test]
    public async Task Proxy_that_two_clients_bind_at_the_same_time_belongs_to_one_of_them()
    {
        await using var first = new IpcClient(Endpoint);
        await using var second = new IpcClient(Endpoint);
        for (int i = 0; i < 200; i++)
        {
            using var proxy = new GreeterProxy();
            int refused = 0;
            Worker.RunAll(() => TryBind(first), () => TryBind(second));
            Assert.That(refused, Is.EqualTo(1));

            void TryBind(IpcClient client)
            {
                try
                {
                    client.Bind(proxy);
                }
                catch (InvalidOperationException)
                {
                    Interlocked.Increment(ref refused);
                }
            }
        }
    }

    [Test]
    public async Task C7_proxy_that_is_disposed_while_it_is_bound_is_not_kept()
    {
        await using var client = new IpcClient(Endpoint);
        WeakReference[] proxies = [.. Enumerable.Range(0, 200).Select(_ => BindAndDispose())];
        Garbage.Collect();
        Assert.That(proxies.Count(proxy => proxy.IsAlive), Is.Zero);
        GC.KeepAlive(client);

        WeakReference BindAndDispose()
        {
            var proxy = new GreeterProxy();
            Worker.RunAll(
                () =>
                {
                    try
                    {
                        client.Bind(proxy);
                    }
                    catch (ObjectDisposedException)
                    {
                        // The disposal was first.
                    }
                },
                proxy.Dispose
            );
            return new WeakReference(proxy);
        }
    }

    [Test]
    public async Task C7_disposed_proxy_does_not_keep_its_client_alive()
    {
        var proxy = new GreeterProxy();
        WeakReference client = await BindAndDisposeAsync();
        await Bounded.UntilAsync(
            () =>
            {
                Garbage.Collect();
                return !client.IsAlive;
            },
            "the end of the client"
        );
        GC.KeepAlive(proxy);

        async Task<WeakReference> BindAndDisposeAsync()
        {
            var bound = new IpcClient(Endpoint);
            bound.Bind(proxy);
            proxy.Dispose();
            await bound.DisposeAsync();
            await Bounded.UntilAsync(() => bound.Evaluator.IsDisposed, "the end of the evaluator");
            return new WeakReference(bound);
        }
    }

    [Test]
    public async Task Client_describes_its_endpoint_and_state()
    {
        await using var client = new IpcClient(Endpoint);
        Assert.That(client.ToString(), Is.EqualTo($"IpcClient {SocketFile} (Idle)"));
        await client.ConnectAsync().Within("connecting");
        Assert.That(client.ToString(), Is.EqualTo($"IpcClient {SocketFile} (Connected)"));
        await client.ConnectAsync().Within("nothing: there is a connection");
        await client.DisposeAsync();
        Assert.That(client.ToString(), Is.EqualTo($"IpcClient {SocketFile} (Disposed)"));
    }

    private sealed class LargeNameProxy() : ServiceProxy(OtherReflection.Descriptor.Services[2]);
}
