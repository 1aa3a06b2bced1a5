using Google.Protobuf;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;
using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Host;

/// <summary>F3, H2, H3, H6, H10: refused, dropped and failed requests are counted and logged with the reason.</summary>
internal sealed class HostLogTests
{
    private ListLogger _logger = null!;

    [SetUp]
    public void MakeLogger() => _logger = new ListLogger();

    [Test]
    public async Task H7_H10_refused_clients_are_logged_with_the_reason_and_do_not_count_as_connected()
    {
        var options = new IpcHostOptions
        {
            MaxClients = 1,
            Logger = _logger,
            Authorize = client => client.Id != 2 ? client.Id > 2 : throw new InvalidOperationException("on purpose"),
        };
        await using var host = new TestHost(options: options);
        for (int i = 0; i < 2; i++)
        {
            using RawClient refused = RawClient.Connect(host.Endpoint);
            refused.AssertIsEnded();
        }

        using RawClient client = RawClient.Bound(host.Endpoint);
        using (RawClient late = RawClient.Connect(host.Endpoint))
        {
            late.AssertIsEnded();
        }

        client.AssertIsServed();
        (LogLevel Level, string Text)[] refusals =
        [
            .. _logger.Entries.Where(entry => entry.Text.Contains("was refused", StringComparison.Ordinal)).Select(entry => (entry.Level, entry.Text)),
        ];
        Assert.That(refusals[0], Is.EqualTo((LogLevel.Information, "Client 1 was refused. The client is not authorized.")));
        Assert.That(refusals[1], Is.EqualTo((LogLevel.Warning, "Client 2 was refused. The authorization check failed.")));
        Assert.That(refusals[2], Is.EqualTo((LogLevel.Warning, "Client 4 was refused. The limit of 1 clients has been reached.")));
        Assert.That((host.Host.RefusedClientCount, refusals.Length), Is.EqualTo((3, 3)));
        Assert.That(_logger.Entries.Single(entry => entry.Text == refusals[1].Text).Exception!.Message, Is.EqualTo("on purpose"));
    }

    [Test]
    public async Task H2_H3_refused_requests_are_logged_with_the_reason()
    {
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger });
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Bind("Nobody");
        client.Invoke(9, "Ann");
        client.Send(new IPCFrame { RequestId = 4711, MsgInvokeMethodReply = new() });
        client.Receive();
        client.Send(new IPCFrame { SetPeerIdentity = new() });
        client.AssertIsServed();
        Assert.That(
            Texts(LogLevel.Information),
            Is.EqualTo(
                (string[])
                    [
                        "Client 1: request 2 was refused. There is no service Nobody.",
                        "Client 1: request 3 was refused. There is no such method.",
                        "Client 1: request 4711 was refused. The frame is not a request.",
                        "Client 1: the identity that it claimed was ignored",
                    ]
            )
        );
    }

    [Test]
    public async Task H7_name_from_a_client_can_neither_forge_a_log_entry_nor_be_long()
    {
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger });
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Bind("a\n[Critical] forged");
        client.Bind(new string('z', 100_000));
        string[] texts = Texts(LogLevel.Information);
        Assert.That(texts[0], Is.EqualTo("Client 1: request 2 was refused. There is no service a\\u{A}[Critical] forged."));
        Assert.That(texts[1], Has.Length.LessThan(300).And.EndsWith("(100000 characters)."));
    }

    [Test]
    public async Task H7_client_that_repeats_refused_requests_writes_few_log_entries_and_so_do_others()
    {
        const int Count = 1000;
        var time = new FakeTime();
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger, TimeProvider = time });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            for (int i = 0; i < Count; i++)
            {
                client.Bind("Nobody");
            }

            using RawClient other = RawClient.Bound(host.Endpoint);
            other.Bind("Nobody");
        }

        Assert.That(
            Texts(LogLevel.Information)
                .Where(text => text.Contains("was refused", StringComparison.Ordinal))
                .CountBy(text => text[..8])
                .Select(count => (count.Key, count.Value)),
            Is.EqualTo(((string, int)[])[("Client 1", 10), ("Client 2", 1)])
        );
        await Bounded.UntilAsync(() => Suppressed().Length == 1, "the entry about suppressed entries");
        Assert.That(Suppressed().Single(), Is.EqualTo("Client 1: 990 more log entries of RequestRefused were suppressed"));

        string[] Suppressed() => [.. Texts(LogLevel.Information).Where(text => text.Contains("suppressed", StringComparison.Ordinal))];
    }

    [Test]
    public async Task H4_failed_calls_are_logged_with_the_exception_of_the_method()
    {
        using var contexts = new Received<CallContext>();
        var later = new TaskCompletionSource<GreeterReplyMsg>(TaskCreationOptions.RunContinuationsAsynchronously);
        var service = new ScriptedGreeter
        {
            OnHello = (_, context) =>
            {
                contexts.Add(context);
                return new(later.Task);
            },
            OnGoodbye = (_, _) => throw new InvalidOperationException("thrown"),
            OnWatch = (_, _) => null!,
        };
        await using var host = new TestHost(service, new IpcHostOptions { Logger = _logger });
        using RawClient client = RawClient.Bound(host.Endpoint);
        Assert.That(client.Invoke(2, "Ann").Success, Is.False);
        Assert.That(client.Invoke(3, "Ann").Success, Is.False);
        IPCFrame call = client.Call(1, "Ann");
        client.Send(call);
        contexts.Next();
        later.SetException(new OperationCanceledException("given up"));
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.False);
        Assert.That(
            Failures(),
            Is.EqualTo(
                (string[])
                    [
                        "Client 1: call of Greeter.WaveGoodbye failed: thrown",
                        "Client 1: call of Greeter.WatchGreetings failed: WatchGreetings returned null instead of a stream.",
                        "Client 1: call of Greeter.SayHello failed: given up",
                    ]
            )
        );
    }

    [Test]
    public async Task H2_arguments_that_cannot_be_parsed_are_logged_as_a_failed_call()
    {
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger });
        using RawClient client = RawClient.Bound(host.Endpoint);
        IPCFrame call = client.Call(1);
        call.MsgInvokeMethod.ArgsProto = ByteString.CopyFrom(0x0a, 0x7f);
        client.Send(call);
        Assert.That(client.ReceiveReply(call.RequestId).Success, Is.False);
        Assert.That(Failures().Single(), Does.StartWith("Client 1: call of Greeter.SayHello failed"));
    }

    [Test]
    public async Task H8_method_that_is_canceled_by_the_disconnection_of_its_client_has_not_failed()
    {
        using var ended = new Received<string>();
        var service = new ScriptedGreeter
        {
            OnHello = async (_, context) =>
            {
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
                }
                finally
                {
                    ended.Add("ended");
                }

                throw new NotSupportedException();
            },
        };
        await using var host = new TestHost(service, new IpcHostOptions { Logger = _logger });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.Send(client.Call(1, "Ann"));
            await Bounded.UntilAsync(() => host.Host.ActiveCalls == 1, "the call");
        }

        ended.Next();
        await Bounded.UntilAsync(() => host.Host.ActiveCalls == 0 && host.Host.ClientCount == 0, "the end of the client");
        Assert.That(Failures(), Is.Empty);
    }

    [Test]
    public async Task H8_exceptions_of_callbacks_of_the_token_are_logged()
    {
        using var contexts = new Received<CallContext>();
        var service = new ScriptedGreeter
        {
            OnGoodbye = (_, reply) =>
            {
                reply.Context.CancellationToken.Register(() => throw new InvalidOperationException("on purpose"));
                contexts.Add(reply.Context);
            },
        };
        await using var host = new TestHost(service, new IpcHostOptions { Logger = _logger });
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            client.Send(client.Call(2, "Ann"));
            contexts.Next();
        }

        host.NextDisconnected();
        await Bounded.UntilAsync(() => Texts(LogLevel.Error).Length == 1, "the log of what was thrown, on a thread of the pool");
        Assert.That(Texts(LogLevel.Error), Is.EqualTo((string[])["Client 1: a cancellation callback of a service threw an exception"]));
    }

    [Test]
    public async Task H6_exceptions_of_the_hosts_slots_are_logged()
    {
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger });
        host.Host.ClientConnected.Connect(() => throw new InvalidOperationException("on purpose"));
        using RawClient client = RawClient.Bound(host.Endpoint);
        await Bounded.UntilAsync(() => Texts(LogLevel.Error).Length == 1, "the log of the exception");
        Assert.That(Texts(LogLevel.Error).Single(), Is.EqualTo("A slot of the host's signals threw an exception"));
    }

    [Test]
    public async Task F3_dropped_frames_of_all_clients_are_counted_even_after_they_have_disconnected()
    {
        byte[] bad = [1, 0, 0, 0, 7];
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger });
        using RawClient stays = RawClient.Bound(host.Endpoint);
        using (RawClient goes = RawClient.Bound(host.Endpoint))
        {
            stays.SendBytes(bad);
            goes.SendBytes([.. bad, .. bad]);
            stays.AssertIsServed();
            goes.AssertIsServed();
            Assert.That(host.Host.DroppedFrameCount, Is.EqualTo(3));
        }

        await Bounded.UntilAsync(() => host.Host.ClientCount == 1, "the end of the client");
        Assert.That(host.Host.DroppedFrameCount, Is.EqualTo(3));
        stays.SendBytes(bad);
        stays.AssertIsServed();
        Assert.That(host.Host.DroppedFrameCount, Is.EqualTo(4));
        Assert.That(
            Texts(LogLevel.Information),
            Is.EquivalentTo(
                (string[])
                    [
                        "Dropped a frame of 1 bytes that could not be parsed (1 dropped on this connection)",
                        "Dropped a frame of 1 bytes that could not be parsed (1 dropped on this connection)",
                        "Dropped a frame of 1 bytes that could not be parsed (2 dropped on this connection)",
                        "Dropped a frame of 1 bytes that could not be parsed (2 dropped on this connection)",
                    ]
            )
        );
    }

    [Test]
    public async Task H7_logger_that_throws_affects_no_client([Values] bool throwsWhenAsked)
    {
        var logger = new ThrowingLogger { ThrowsWhenAsked = throwsWhenAsked };
        var service = new ScriptedGreeter { OnGoodbye = (_, _) => throw new InvalidOperationException("on purpose") };
        await using var host = new TestHost(service, new IpcHostOptions { Logger = logger });
        host.Host.ClientConnected.Connect(() => throw new InvalidOperationException("on purpose"));
        using (RawClient client = RawClient.Bound(host.Endpoint))
        {
            Assert.That(client.Invoke(2, "Ann").Success, Is.False);
            client.Bind("Nobody");
            client.SendBytes([1, 0, 0, 0, 7]);
            client.AssertIsServed();
        }

        Assert.That(host.NextDisconnected().Reason.Cause, Is.EqualTo(DisconnectCause.ClosedByPeer));
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
        Assert.That(logger.Throws, Is.GreaterThanOrEqualTo(4));
    }

    [Test]
    public async Task H6_evaluator_that_cannot_be_woken_is_logged_and_affects_no_client()
    {
        using var evaluator = new UnwakeableEvaluator();
        await using var host = new TestHost(options: new IpcHostOptions { Logger = _logger, Evaluator = evaluator });
        for (int i = 1; i <= 2; i++)
        {
            using (RawClient client = RawClient.Bound(host.Endpoint))
            {
                client.AssertIsServed();
            }

            await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the client");
        }

        await host.Host.StopAsync().Within("stopping");
        Assert.That(
            Texts(LogLevel.Error),
            Is.EqualTo(((int[])[1, 1, 2, 2]).Select(id => $"Client {id}: raising ClientConnected or ClientDisconnected on the evaluator failed"))
        );
    }

    private string[] Texts(LogLevel level) => [.. _logger.Entries.Where(entry => entry.Level == level).Select(entry => entry.Text)];

    private string[] Failures() =>
        [
            .. _logger
                .Entries.Where(entry => entry.Text.Contains("call of", StringComparison.Ordinal) && entry.Exception is not null)
                .Select(entry => $"{entry.Text}: {entry.Exception!.Message}"),
        ];
}
