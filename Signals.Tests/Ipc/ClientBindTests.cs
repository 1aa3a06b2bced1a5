using NUnit.Framework;
using Signals.Ipc;
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
    public async Task K1_failure_is_delivered_later_as_well_and_says_what_to_do()
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
    public async Task C1_bindings_before_the_connection_are_sent_in_order_once_it_stands()
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
            Assert.That(frame.RequestId, Is.EqualTo(i + 1), "request ids grow by one");
        }
    }

    [Test]
    public async Task C2_proxy_learns_of_its_binding_once()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        SignalProbe<bool> connected = Probe.Of(proxy.Connected);
        client.Bind(proxy);
        IPCFrame request = await Host.AnswerBindAsync();
        await connected.NextAsync("Connected");
        Assert.That(proxy.IsConnected, Is.True);

        // Another answer to the same request is to nobody.
        await Host.SendAsync(ScriptedHost.BindReply(request.RequestId));
        await RoundTripAsync(proxy);
        Assert.That(connected.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task C2_proxy_learns_that_its_service_was_refused()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        SignalProbe<DisconnectReason> disconnected = Probe.Of(proxy.Disconnected);
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(new IPCFrame { RequestId = request.RequestId, MsgBindServiceReply = new IPCFrame.Types.BindServiceReply { Success = false } });
        DisconnectReason reason = await disconnected.NextAsync("Disconnected");
        Assert.That(reason.Cause, Is.EqualTo(DisconnectCause.Refused));
        Assert.That(reason.Message, Does.Contain("Greeter"));
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => binding.Within("the refusal"));
        Assert.That(proxy.IsConnected, Is.False);
        Assert.That(client.IsConnected, Is.True);

        // It may be bound again, for instance when the host has loaded a plug-in.
        Task again = client.BindAsync(proxy);
        await Host.AnswerBindAsync();
        await again.Within("binding again");
    }

    [Test]
    public async Task C2_request_error_refuses_a_binding()
    {
        await using IpcClient client = await ConnectAsync();
        using var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame request = await Host.ReadFrameAsync();
        await Host.SendAsync(new IPCFrame { RequestId = request.RequestId, MsgRequestError = new IPCFrame.Types.RequestError { Error = "what?" } });
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
        await Host.AnswerBindAsync();
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
        await Host.AnswerBindAsync();
        Assert.That((await disconnected.NextAsync("Disconnected")).Cause, Is.EqualTo(DisconnectCause.AlreadyBound));
        Assert.That(second.IsConnected, Is.False);
        await RoundTripAsync(first);

        // When the first one has gone, its place is free.
        first.Dispose();
        Task again = client.BindAsync(second);
        await Host.AnswerBindAsync();
        await again.Within("binding");
        await RoundTripAsync(second);
    }

    [Test]
    public async Task Proxy_of_one_client_cannot_be_given_to_another()
    {
        (IpcClient client, GreeterProxy proxy) = await BindAsync();
        await using IpcClient disposed = client;
        await using var other = new IpcClient(Endpoint);
        Assert.That(() => other.Bind(proxy), Throws.InvalidOperationException);
        Assert.That(() => client.Bind(proxy), Throws.InvalidOperationException);
    }

    private sealed class OtherProxy() : ServiceProxy(OtherReflection.Descriptor.Services[0]);
}
