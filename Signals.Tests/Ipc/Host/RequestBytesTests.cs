using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Host;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H7: the memory of pending requests is limited, for each client and in total.</summary>
internal sealed class RequestBytesTests
{
    /// <summary>A name that takes about 60,000 bytes in memory.</summary>
    private static readonly string Large = new('x', 30_000);

    private Received<ReplyWriter<GreeterReplyMsg>> _writers = null!;

    [SetUp]
    public void MakeWriters() => _writers = new Received<ReplyWriter<GreeterReplyMsg>>();

    [TearDown]
    public void DisposeWriters() => _writers.Dispose();

    [Test]
    public async Task H7_fields_that_the_proto_does_not_name_are_discarded()
    {
        using var requests = new Received<GreeterRequestMsg>();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnHello = (request, _) =>
                {
                    requests.Add(request);
                    return new(ScriptedGreeter.Reply("Hello"));
                },
            }
        );
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "Ann");

        // Field 20, a number, ten thousand times.
        byte[] unknown = [.. Enumerable.Range(0, 10_000).SelectMany(_ => (byte[])[0xa0, 0x01, 0x01])];
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom([.. call.MsgInvokeMethod.ArgsProto, .. unknown]);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.True);
        Assert.That(requests.Next(), Is.EqualTo(new GreeterRequestMsg { Name = "Ann" }));
    }

    [Test]
    public async Task H2_arguments_with_a_field_of_an_unknown_wire_type_fail_only_that_call()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "Ann");

        // Field 1 of wire type 6.
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom([.. call.MsgInvokeMethod.ArgsProto, 0x0e]);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.False);
        client.AssertIsServed();
    }

    [Test]
    public async Task H7_no_request_is_read_beyond_the_limit_of_pending_request_bytes()
    {
        await using TestHost host = Start(new IpcHostOptions { MaxRequestBytes = 100_000 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, 3).Select(_ => client.Call(2, Large))];
        IPCFrame behind = client.Call(1, "behind");
        Task sending = Task.Run(() => client.Send([.. calls, behind]));
        ReplyWriter<GreeterReplyMsg> first = _writers.Next();
        ReplyWriter<GreeterReplyMsg> second = _writers.Next();
        good.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(2));

        first.Complete(ScriptedGreeter.Reply("1"));
        Assert.That(client.ReceiveReply(calls[0].RequestId).Success, Is.True);
        ReplyWriter<GreeterReplyMsg> third = _writers.Next();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(2));
        second.Complete(ScriptedGreeter.Reply("2"));
        Assert.That(client.ReceiveReply(calls[1].RequestId).Success, Is.True);
        Assert.That(client.ReceiveReply(behind.RequestId).Success, Is.True);
        third.Complete(ScriptedGreeter.Reply("3"));
        await sending.WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H7_client_without_a_pending_call_can_send_a_request_with_any_limit()
    {
        await using TestHost host = Start(new IpcHostOptions { MaxRequestBytes = 1, MaxTotalRequestBytes = 1 });
        using RawClient client = RawClient.Bound(host.Endpoint);
        for (int i = 0; i < 20; i++)
        {
            IPCFrame call = client.Call(2, Large);
            client.Send(call);
            _writers.Next().Complete(ScriptedGreeter.Reply("done"));
            Assert.That(client.ReceiveReply(call.RequestId).Success, Is.True);
        }
    }

    [Test]
    public async Task H7_client_within_its_share_is_served_while_another_one_has_reached_the_total_limit()
    {
        await using TestHost host = Start(new IpcHostOptions { MaxTotalRequestBytes = 100_000 });
        using RawClient greedy = RawClient.Bound(host.Endpoint);
        using RawClient good = RawClient.Bound(host.Endpoint);
        Task sending = Task.Run(() => greedy.Send(Enumerable.Range(0, 3).Select(_ => greedy.Call(2, Large))));
        ReplyWriter<GreeterReplyMsg> first = _writers.Next();
        _writers.Next();
        good.Send(good.Call(2, "small"));
        _writers.Next();
        good.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(3));

        first.Complete(ScriptedGreeter.Reply("1"));
        _writers.Next();
        await sending.WaitAsync(Bounded.Limit);
    }

    [Test]
    public async Task H7_client_that_waits_at_the_total_limit_continues_when_another_one_releases_bytes()
    {
        await using TestHost host = Start(new IpcHostOptions { MaxTotalRequestBytes = 100_000 });
        using RawClient first = RawClient.Bound(host.Endpoint);
        using RawClient second = RawClient.Bound(host.Endpoint);
        second.Send(second.Call(2, Large));
        ReplyWriter<GreeterReplyMsg> held = _writers.Next();
        first.Send(first.Call(2, Large));
        _writers.Next();
        first.Send(first.Call(2, "waits"));
        held.Complete(ScriptedGreeter.Reply("over"));
        Assert.That(_writers.Next().Context.Client.Id, Is.EqualTo(1));
    }

    [Test]
    public void H7_share_of_the_total_limit_applies_only_when_the_limit_is_reached()
    {
        var budget = new RequestBudget(1000);
        budget.CountClient(2);
        budget.Add(999);
        Assert.That(budget.IsOverShare(999), Is.False);
        budget.Add(1);
        Assert.That((budget.IsOverShare(501), budget.IsOverShare(500)), Is.EqualTo((true, false)));
        budget.Release(1);
        Assert.That((budget.Bytes, budget.IsOverShare(999)), Is.EqualTo((999, false)));
    }

    private TestHost Start(IpcHostOptions options) => new(new ScriptedGreeter { OnGoodbye = (_, reply) => _writers.Add(reply) }, options);
}
