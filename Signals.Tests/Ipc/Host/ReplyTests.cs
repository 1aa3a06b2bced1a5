using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H4: when, from where and how often methods answer.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
internal sealed class AnswerTests(Medium medium) : HostFixture(medium)
{
    [Test]
    public async Task H4_a_method_may_reply_later_and_from_another_thread()
    {
        var later = new TaskCompletionSource<GreeterReplyMsg>();
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) =>
                request.Name == "later" ? new ValueTask<GreeterReplyMsg>(later.Task) : new(ScriptedGreeter.Reply($"Hello {request.Name}")),
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "later");
        client.Send(call);

        // The replies to later calls arrive first.
        client.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.EqualTo(1));
        Worker.RunAll(() => later.SetResult(ScriptedGreeter.Reply("at last")));
        Assert.That(RawClient.Message(client.ReceiveReply(call.RequestId)), Is.EqualTo("at last"));
        client.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.Zero);
    }

    [Test]
    public async Task H4_a_writer_replies_later_from_another_thread()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestHost host = Serve(new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [client.Call(2, "a"), client.Call(2, "b")];
        client.Send(calls);
        ReplyWriter<GreeterReplyMsg> first = writers.Next();
        ReplyWriter<GreeterReplyMsg> second = writers.Next();
        Worker.RunAll(() => second.Complete(ScriptedGreeter.Reply("two")));
        Assert.That(RawClient.Message(client.ReceiveReply(calls[1].RequestId)), Is.EqualTo("two"));
        Worker.RunAll(() => first.Complete(ScriptedGreeter.Reply("one")));
        Assert.That(RawClient.Message(client.ReceiveReply(calls[0].RequestId)), Is.EqualTo("one"));
    }

    [TestCase(1u, "now")]
    [TestCase(1u, "later")]
    [TestCase(1u, "failed")]
    [TestCase(1u, "blocked")]
    [TestCase(2u, "now")]
    [TestCase(2u, "later")]
    [TestCase(3u, "now")]
    [TestCase(3u, "failed")]
    public async Task H4_a_call_is_no_longer_active_when_its_client_has_the_last_reply(uint method, string when)
    {
        // A method that blocks takes some milliseconds, since only then another thread reads on.
        int rounds = when == "blocked" ? 10 : 1_000;
        using var release = new SemaphoreSlim(0);
        await using TestHost host = Serve(Replying(release));
        using RawClient client = RawClient.Bound(host.Endpoint);
        for (int round = 0; round < rounds; round++)
        {
            IPCFrame call = client.Call(method, when);
            client.Send(call);
            if (when == "blocked")
            {
                client.AssertIsServed();
                release.Release();
            }

            while (client.ReceiveReply(call.RequestId).HasMore) { }
            Assert.That(host.Host.ActiveCalls, Is.Zero, $"Round {round}");
        }
    }

    [Test]
    public async Task H4_many_threads_reply_to_many_calls_each_exactly_once()
    {
        const int Count = 200;
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestHost host = Serve(new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame[] calls = [.. Enumerable.Range(0, Count).Select(_ => client.Call(2, "x"))];
        client.Send(calls);
        ReplyWriter<GreeterReplyMsg>[] all = [.. Enumerable.Range(0, Count).Select(_ => writers.Next())];
        Action Reply(int remainder) =>
            () =>
            {
                foreach (ReplyWriter<GreeterReplyMsg> writer in all.Where((_, index) => index % 4 == remainder))
                {
                    writer.Complete(ScriptedGreeter.Reply("done"));
                }
            };
        Worker.RunAll(Reply(0), Reply(1), Reply(2), Reply(3));
        ulong[] answered = [.. Enumerable.Range(0, Count).Select(_ => client.Receive().RequestId)];
        Assert.That(answered, Is.EquivalentTo(calls.Select(call => call.RequestId)));
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_method_that_throws_fails_the_call([Values(1u, 2u, 3u)] uint method)
    {
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) =>
                request.Name == "throw" ? throw new InvalidOperationException("On purpose.") : new(ScriptedGreeter.Reply($"Hello {request.Name}")),
            OnGoodbye = (_, _) => throw new InvalidOperationException("On purpose."),
            OnWatch = (_, _) => throw new InvalidOperationException("On purpose."),
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame.Types.InvokeMethodReply reply = client.Invoke(method, "throw");
        Assert.That((reply.Success, reply.HasMore, reply.HasReplyProto), Is.EqualTo((false, false, false)));
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_method_whose_task_fails_later_fails_the_call()
    {
        var service = new ScriptedGreeter
        {
            OnHello = async (request, _) =>
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                return request.Name == "throw" ? throw new InvalidOperationException("On purpose.") : ScriptedGreeter.Reply($"Hello {request.Name}");
            },
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(1, "throw").Success, Is.False);
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_method_that_returns_null_fails_the_call([Values(1u, 3u)] uint method)
    {
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) => new(request.Name == "null" ? null! : ScriptedGreeter.Reply($"Hello {request.Name}")),
            OnWatch = (_, _) => null!,
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(method, "null").Success, Is.False);
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_reply_that_is_larger_than_a_frame_fails_the_call()
    {
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) => new(ScriptedGreeter.Reply(request.Name == "large" ? new string('x', 200_000) : $"Hello {request.Name}")),
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(1, "large").Success, Is.False);
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_writer_that_is_dropped_fails_the_call()
    {
        using var called = new ManualResetEventSlim();
        await using TestHost host = Serve(new ScriptedGreeter { OnGoodbye = (_, _) => called.Set() });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(2, "Ann");
        client.Send(call);
        Bounded.Wait(called, "The call");
        AssertEndedByCollector(client, call);
        client.AssertIsServed();
        Assert.That(host.Host.ActiveCalls, Is.Zero);
    }

    [Test]
    public async Task H4_a_task_that_can_no_longer_be_completed_fails_the_call()
    {
        using var called = new ManualResetEventSlim();
        var service = new ScriptedGreeter
        {
            OnHello = (request, _) =>
            {
                if (request.Name != "drop")
                {
                    return new(ScriptedGreeter.Reply($"Hello {request.Name}"));
                }

                called.Set();
                return new(new TaskCompletionSource<GreeterReplyMsg>().Task);
            },
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1, "drop");
        client.Send(call);
        Bounded.Wait(called, "The call");
        AssertEndedByCollector(client, call);
        client.AssertIsServed();
    }

    [Test]
    public async Task H4_a_second_last_reply_is_refused_and_never_sent()
    {
        using var failures = new Received<Exception>();
        var service = new ScriptedGreeter
        {
            OnGoodbye = (_, reply) =>
            {
                reply.Complete(ScriptedGreeter.Reply("first"));
                failures.Add(Assert.Catch(() => reply.Complete(ScriptedGreeter.Reply("second")))!);
                reply.Fail(new InvalidOperationException("Third."));
                throw new InvalidOperationException("Fourth.");
            },
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(RawClient.Message(client.Invoke(2, "Ann")), Is.EqualTo("first"));
        client.AssertIsServed();
        Assert.That(failures.Next(), Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public async Task H4_a_writer_of_a_single_reply_refuses_a_stream()
    {
        using var failures = new Received<Exception>();
        var service = new ScriptedGreeter
        {
            OnGoodbye = (_, reply) =>
            {
                failures.Add(Assert.Catch(() => reply.TryWrite(ScriptedGreeter.Reply("one")))!);
                failures.Add(Assert.Catch(() => reply.WriteAsync(ScriptedGreeter.Reply("one")).AsTask().GetAwaiter().GetResult())!);
                failures.Add(Assert.Catch(() => reply.Complete())!);
                reply.Complete(ScriptedGreeter.Reply("single"));
            },
        };
        await using TestHost host = Serve(service);
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(RawClient.Message(client.Invoke(2, "Ann")), Is.EqualTo("single"));
        for (int i = 0; i < 3; i++)
        {
            Assert.That(failures.Next(), Is.TypeOf<InvalidOperationException>().With.Message.Contains("WaveGoodbye"));
        }
    }

    [Test]
    public async Task H4_a_reply_for_a_client_that_has_disconnected_is_discarded()
    {
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        await using TestHost host = Serve(new ScriptedGreeter { OnGoodbye = (_, reply) => writers.Add(reply) });
        using (RawClient gone = RawClient.Bound(host.Endpoint))
        {
            gone.Send(gone.Call(2, "Ann"));
            host.NextConnected();
        }

        ReplyWriter<GreeterReplyMsg> writer = writers.Next();
        host.NextDisconnected();
        Assert.That(() => writer.Complete(ScriptedGreeter.Reply("too late")), Throws.Nothing);
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    /// <summary>A service whose methods do what the request says.</summary>
    private static ScriptedGreeter Replying(SemaphoreSlim release) =>
        new()
        {
            OnHello = async (request, _) =>
            {
                if (request.Name == "later")
                {
                    await Task.Yield();
                }
                else if (request.Name == "failed")
                {
                    throw new InvalidOperationException("on purpose");
                }
                else if (request.Name == "blocked")
                {
                    Assert.That(release.Wait(Bounded.Limit), Is.True);
                }

                return ScriptedGreeter.Reply($"Hello {request.Name}");
            },
            OnGoodbye = (request, reply) =>
            {
                if (request.Name == "later")
                {
                    ThreadPool.QueueUserWorkItem(_ => reply.Complete(ScriptedGreeter.Reply("Goodbye")));
                }
                else
                {
                    reply.Complete(ScriptedGreeter.Reply("Goodbye"));
                }
            },
            OnWatch = (request, _) => WatchAsync(request.Name),
        };

    private static async IAsyncEnumerable<GreeterReplyMsg> WatchAsync(string name)
    {
        yield return ScriptedGreeter.Reply("one");
        await Task.Yield();
        if (name == "failed")
        {
            throw new InvalidOperationException("on purpose");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AssertEndedByCollector(RawClient client, IPCFrame call)
    {
        // The call's own stack frames may still be there when the first round collects.
        Task<bool> answered = Task.Run(() => client.ReceiveReply(call.RequestId).Success);
        bool ended = SpinWait.SpinUntil(
            () =>
            {
                Garbage.Collect();
                return answered.IsCompleted;
            },
            Bounded.Limit
        );
        Assert.That(ended, Is.True, "The collector did not end the call in time.");
        Assert.That(answered.GetAwaiter().GetResult(), Is.False);
    }
}
