using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Host;

/// <summary>Messages whose code throws or blocks affect only their own call.</summary>
internal sealed class UserMessageTests
{
    [Test]
    public async Task H2_request_whose_parsing_throws_any_exception_fails([Values(CustomMessage.Unexpected, CustomMessage.OutOfMemory)] string text)
    {
        await using var host = new TestHost(new CustomService());
        using RawClient client = Bound(host);
        Assert.That(client.Invoke(1, text).Success, Is.False);
        Assert.That(client.Invoke(3, text).Success, Is.False);
        Assert.That(RawClient.Message(client.Invoke(1, "again")), Is.EqualTo("again"));
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the calls, which have their replies");
    }

    [Test]
    public async Task H4_reply_that_throws_while_it_is_encoded_fails_only_its_call()
    {
        var bad = new CustomMessage { OnWrite = () => throw new InvalidOperationException("the message") };
        await using var host = new TestHost(new CustomService { OnHello = request => request.Text == "bad" ? bad : request });
        using RawClient client = Bound(host);
        Assert.That(client.Invoke(1, "bad").Success, Is.False);
        Assert.That(client.Invoke(2, "bad").Success, Is.False);
        Assert.That(RawClient.Message(client.Invoke(1, "again")), Is.EqualTo("again"));
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0, "the end of the calls, which have their replies");
    }

    [Test]
    public async Task H4_reply_is_encoded_outside_every_lock([Values(1u, 2u)] uint method)
    {
        using var hasBegun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var writers = new List<ReplyWriter<CustomMessage>>();
        var slow = new CustomMessage
        {
            Text = "slow",
            OnWrite = () =>
            {
                hasBegun.Set();
                Assert.That(mayEnd.Wait(Bounded.Limit), Is.True);
            },
        };
        var service = new CustomService { OnHello = _ => slow, OnGoodbye = writers.Add };
        await using var host = new TestHost(service);
        using RawClient client = Bound(host);
        IPCFrame[] calls = [client.Call(2), client.Call(2), client.Call(method)];
        client.Send(calls[..2]);
        await Bounded.UntilAsync(() => writers.Count == 2, "the calls");
        Task completing = Task.CompletedTask;
        if (method == 1)
        {
            client.Send(calls[2]);
        }
        else
        {
            completing = Task.Run(() => writers[1].Complete(slow));
        }

        Assert.That(hasBegun.Wait(Bounded.Limit), Is.True);

        // Other threads reply to the same client, and to the very call, meanwhile.
        Task replying = Task.Run(() =>
        {
            writers[0].Complete(new CustomMessage { Text = "meanwhile" });
            if (method == 2)
            {
                writers[1].Fail(new InvalidOperationException("meanwhile"));
            }
        });
        try
        {
            Assert.That(RawClient.Message(client.ReceiveReply(calls[0].RequestId)), Is.EqualTo("meanwhile"));
            await replying.WaitAsync(Bounded.Limit);
        }
        finally
        {
            mayEnd.Set();
        }

        if (method == 1)
        {
            Assert.That(RawClient.Message(client.ReceiveReply(calls[2].RequestId)), Is.EqualTo("slow"));
        }
        else
        {
            Assert.That(client.ReceiveReply(calls[1].RequestId).Success, Is.False);
            Assert.That(() => completing.WaitAsync(Bounded.Limit), Throws.InvalidOperationException, "The call is complete.");
        }
    }

    private static RawClient Bound(TestHost host)
    {
        RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(client.Bind("Custom").MsgBindServiceReply.Success, Is.True);
        return client;
    }

    private sealed class CustomService : Service
    {
        internal CustomService()
            : base(CustomMessage.Service)
        {
            Unary<CustomMessage, CustomMessage>((request, _) => OnHello(request), "SayHello");
            Manual<CustomMessage, CustomMessage>(
                (request, reply) =>
                {
                    if (OnGoodbye is { } onGoodbye)
                    {
                        onGoodbye(reply);
                    }
                    else
                    {
                        reply.Complete(OnHello(request));
                    }
                },
                "WaveGoodbye"
            );
            Stream<CustomMessage, CustomMessage>((request, _) => new[] { request }.ToAsyncEnumerable(), "WatchGreetings");
        }

        internal Func<CustomMessage, CustomMessage> OnHello { get; init; } = request => request;

        internal Action<ReplyWriter<CustomMessage>>? OnGoodbye { get; init; }
    }
}
