using Google.Protobuf;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H1, H2, H3, H5: the replies of a host to each kind of frame.</summary>
internal sealed class BindAndInvokeTests
{
    private static readonly string[] MethodNames = ["SayHello", "WaveGoodbye", "WatchGreetings"];

    [Test]
    public async Task H1_two_services_with_one_name_are_refused()
    {
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        Assert.That(() => host.Expose(new ManualGreeter()), Throws.InvalidOperationException.With.Message.Contains("Greeter"));
    }

    [Test]
    public async Task H1_a_service_can_be_added_while_clients_are_connected()
    {
        await using var host = new TestHost(new OtherService());
        using RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(client.Bind("Greeter").MsgBindServiceReply.Success, Is.False);
        host.Host.Expose(new ScriptedGreeter());
        Assert.That(client.Bind("Greeter").MsgBindServiceReply.ServiceId, Is.EqualTo(2));
    }

    [Test]
    public async Task H2_reply_to_a_binding_contains_the_ids_of_the_service_and_its_methods()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Connect(host.Endpoint);
        IPCFrame.Types.BindServiceReply reply = client.Bind("Greeter").MsgBindServiceReply;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Success, Is.True);
            Assert.That(reply.ServiceId, Is.EqualTo(1));
            Assert.That(reply.Methods.Select(method => method.Id), Is.EqualTo(new uint[] { 1, 2, 3 }));
            Assert.That(reply.Methods.Select(method => method.Name), Is.EqualTo(MethodNames));
        }
    }

    [Test]
    public async Task H2_binding_an_unknown_service_fails()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame reply = client.Bind("greeter.Greeter");
        Assert.That((reply.MsgCase, reply.MsgBindServiceReply?.Success), Is.EqualTo((IPCFrame.MsgOneofCase.MsgBindServiceReply, false)));
        client.AssertIsServed();
    }

    [TestCase(0u, 1u)]
    [TestCase(2u, 1u)]
    [TestCase(uint.MaxValue, 1u)]
    [TestCase(1u, 0u)]
    [TestCase(1u, 4u)]
    [TestCase(1u, uint.MaxValue)]
    public async Task H2_calling_an_unknown_service_or_method_fails(uint service, uint method)
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(method, "Ann");
        call.MsgInvokeMethod.ServiceId = service;
        client.Send(call);
        IPCFrame.Types.InvokeMethodReply reply = client.ReceiveReply(call.RequestId);
        Assert.That((reply.Success, reply.HasMore, reply.HasReplyProto), Is.EqualTo((false, false, false)));
        client.AssertIsServed();
    }

    [Test]
    public async Task H2_arguments_that_cannot_be_parsed_fail_the_call_and_never_reach_the_service([Values(1u, 2u, 3u)] uint method)
    {
        int calls = 0;
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) =>
            {
                Interlocked.Increment(ref calls);
                return new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply($"Hello {request.Name}"));
            },
            OnGoodbye = (_, _) => Interlocked.Increment(ref calls),
            OnWatch = (_, _) =>
            {
                Interlocked.Increment(ref calls);
                return AsyncEnumerable.Empty<GreeterReplyMsg>();
            },
        };
        await using var host = new TestHost(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(method);

        // A text that claims to be longer than all that there is.
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(0x0a, 0x7f, 0x41);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.False);
        Assert.That(calls, Is.Zero);
        client.AssertIsServed();
    }

    [TestCase(1u, 10, true)]
    [TestCase(1u, 5000, false)]
    [TestCase(2u, 5000, false)]
    [TestCase(3u, 5000, false)]
    public async Task C9_request_with_nested_groups_that_nothing_knows_is_read_or_fails_alone(uint method, int depth, bool success)
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(method);
        byte[] begin = [0xa3, 0x06];
        byte[] end = [0xa4, 0x06];
        byte[] groups = [.. Enumerable.Repeat(begin, depth).SelectMany(tag => tag), .. Enumerable.Repeat(end, depth).SelectMany(tag => tag)];
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(groups);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.EqualTo(success));
        client.AssertIsServed();
    }

    [Test]
    public async Task H2_a_call_without_arguments_gets_an_empty_request()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1);
        call.MsgInvokeMethod.ClearArgsProto();
        client.Send(call);
        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("Hello "));
    }

    [Test]
    public async Task H2_a_service_can_be_called_without_binding_it()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Connect(host.Endpoint);
        client.AssertIsServed();
    }

    private static IEnumerable<TestCaseData> FramesThatAreNoRequests()
    {
        yield return new TestCaseData(new IPCFrame()).SetArgDisplayNames("nothing");
        yield return new TestCaseData(new IPCFrame { MsgBindServiceReply = new() }).SetArgDisplayNames("BindServiceReply");
        yield return new TestCaseData(new IPCFrame { MsgInvokeMethodReply = new() { Success = true } }).SetArgDisplayNames("InvokeMethodReply");
        yield return new TestCaseData(new IPCFrame { MsgRequestError = new() { Error = "?" } }).SetArgDisplayNames("RequestError");
        yield return new TestCaseData(IPCFrame.Parser.ParseFrom([0x7a, 0x01, 0x41])).SetArgDisplayNames("a kind of the future");
    }

    [TestCaseSource(nameof(FramesThatAreNoRequests))]
    public async Task H3_reply_to_a_frame_that_is_not_a_request_is_a_request_error_with_its_id(IPCFrame frame)
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        frame.RequestId = 4711;
        client.Send(frame);
        IPCFrame reply = client.Receive();
        Assert.That((reply.RequestId, reply.MsgCase), Is.EqualTo((4711, IPCFrame.MsgOneofCase.MsgRequestError)));
        Assert.That(reply.MsgRequestError.Error, Is.Not.Empty);
        client.AssertIsServed();
    }

    [Test]
    public async Task F3_payload_that_is_not_a_frame_is_dropped_and_counted()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.SendBytes([3, 0, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        client.AssertIsServed();
        Assert.That(host.Host.DroppedFrameCount, Is.EqualTo(1));
    }

    [Test]
    public async Task H5_a_call_that_drops_its_reply_gets_none()
    {
        using var ran = new CountdownEvent(3);
        var service = new ScriptedGreeter
        {
            OnGoodbye = (request, reply) =>
            {
                Assert.That(reply.Context.WantsReply, Is.False);
                reply.Complete(ScriptedGreeter.Reply(request.Name));
                ran.Signal();
            },
            OnWatch = (request, context) =>
            {
                ran.Signal();
                return request.Name == "throw"
                    ? throw new InvalidOperationException("On purpose.")
                    : new[] { ScriptedGreeter.Reply("") }.ToAsyncEnumerable();
            },
        };
        await using var host = new TestHost(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame unparsable = client.Call(1, dropReply: true);
        unparsable.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(0x0a, 0x7f);
        client.Send(
            client.Call(1, "Ann", dropReply: true),
            client.Call(2, "Ann", dropReply: true),
            client.Call(3, "Ann", dropReply: true),
            client.Call(3, "throw", dropReply: true),
            client.Call(9, "Ann", dropReply: true),
            unparsable
        );

        // A reply to any of them would arrive first.
        client.AssertIsServed();
        Assert.That(ran.IsSet, Is.True);
    }

    [Test]
    public async Task F1_a_frame_arrives_in_any_fragments_and_many_in_one()
    {
        await using var host = new TestHost();
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, 1000).Select(number => client.Call(1, $"{number}"))];
        foreach (byte[] part in RawClient.Encode(calls[..3]).Chunk(1))
        {
            client.SendBytes(part);
        }

        client.Send(calls[3..]);
        string[] replies = [.. client.ReceiveReplies(calls).Select(RawClient.Message)];
        Assert.That(replies, Is.EqualTo(Enumerable.Range(0, 1000).Select(number => $"Hello {number}")));
    }
}
