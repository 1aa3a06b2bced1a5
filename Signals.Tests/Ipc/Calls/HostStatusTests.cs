using System.Runtime.CompilerServices;
using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Calls;

/// <summary>A host reports its clients and their calls to clients that ask.</summary>
public sealed class HostStatusTests
{
    [TestCase(Medium.SocketFile)]
    [TestCase(Medium.InMemory)]
    public async Task L1_host_reports_its_clients_and_the_methods_of_their_calls(Medium medium)
    {
        await using var host = new TestHost(new ScriptedGreeter { OnWatch = (_, context) => NeverAsync(context.CancellationToken) }, medium: medium);
        using RawClient caller = RawClient.Bound(host.Endpoint);
        caller.Send(caller.Call(3), caller.Call(3));
        using RawClient client = RawClient.Connect(host.Endpoint);
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 2, "the calls");
        HostStatus status = Ask(client);
        Assert.That(status.Clients, Has.Count.EqualTo(2));
        ClientStatus calling = status.Clients.Single(static other => !other.IsCaller);
        Assert.That((calling.Id, calling.ActiveCalls, calling.IsPaused), Is.EqualTo((1L, 2u, false)));
        Assert.That(calling.Methods, Is.EqualTo((ActiveMethod[])[new ActiveMethod { Name = "Greeter.WatchGreetings", Count = 2 }]));
        Assert.That(calling.ProcessId, Is.EqualTo(Environment.ProcessId));
        ClientStatus asking = status.Clients.Single(static other => other.IsCaller);
        Assert.That((asking.Id, asking.ActiveCalls, asking.Methods.Count), Is.EqualTo((2L, 0u, 0)));
    }

    [Test]
    public async Task L1_status_counts_refused_clients_and_dropped_frames()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxClients = 1 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        using RawClient refused = RawClient.Connect(host.Endpoint);
        refused.AssertIsEnded();
        client.SendBytes([2, 0, 0, 0, 0xFF, 0xFF]);
        client.AssertIsServed();
        HostStatus status = Ask(client);
        Assert.That((status.RefusedClients, status.DroppedFrames), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public async Task L1_client_that_is_paused_is_reported()
    {
        await using var host = new TestHost(
            new ScriptedGreeter { OnWatch = (_, context) => NeverAsync(context.CancellationToken) },
            new IpcHostOptions { MaxConcurrentCalls = 1 }
        );
        using RawClient caller = RawClient.Bound(host.Endpoint);
        caller.Send(caller.Call(3));
        await Bounded.UntilAsync(() => host.Host.PausedClients == 1, "the pause");
        using RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(Ask(client).Clients.Single(static other => !other.IsCaller).IsPaused, Is.True);
    }

    [Test]
    public async Task L1_status_of_many_clients_comes_in_parts_that_fit_into_frames()
    {
        await using var host = new TestHost(options: new IpcHostOptions { MaxFrameSize = 256 });
        RawClient[] clients = [.. Enumerable.Range(0, 30).Select(_ => RawClient.Bound(host.Endpoint))];
        try
        {
            IPCFrame.Types.BindServiceReply control = clients[0].Bind(ControlCalls.Service).MsgBindServiceReply;
            byte[] message = ControlCalls.Ask(clients[0], control, "Status", ByteString.Empty, out int parts);
            Assert.That(HostStatus.Parser.ParseFrom(message).Clients, Has.Count.EqualTo(30));
            Assert.That(parts, Is.GreaterThan(1));
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Test]
    public async Task L1_host_that_does_not_describe_itself_reports_no_status()
    {
        await using var host = new TestHost(options: new IpcHostOptions { DescribesItself = false });
        using RawClient client = RawClient.Connect(host.Endpoint);
        IPCFrame.Types.BindServiceReply control = client.Bind(ControlCalls.Service).MsgBindServiceReply;
        Assert.That(control.Methods.Select(static method => method.Name), Does.Not.Contain("Status"));

        // The number that the method has on other hosts.
        client.Send(ControlCalls.Call(control.ServiceId, method: 6, ByteString.Empty));
        IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(ControlCalls.RequestId);
        Assert.That((reply.Success, reply.StatusCode), Is.EqualTo((false, (uint)IpcStatusCode.Unimplemented)));
    }

    private static HostStatus Ask(RawClient client) =>
        HostStatus.Parser.ParseFrom(ControlCalls.Ask(client, client.Bind(ControlCalls.Service).MsgBindServiceReply, "Status", ByteString.Empty, out _));

    private static async IAsyncEnumerable<GreeterReplyMsg> NeverAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        yield break;
    }
}
