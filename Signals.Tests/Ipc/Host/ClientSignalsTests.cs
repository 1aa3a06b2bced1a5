using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc.Host;

/// <summary>H6, H8, H10: the identity, the signals and the authorization of clients.</summary>
internal sealed class ClientSignalsTests
{
    [Test]
    public async Task H6_clients_have_ids_and_credentials_from_the_kernel()
    {
        await using var host = new TestHost();
        using RawClient first = RawClient.Connect(host.Endpoint);
        ClientInfo one = host.NextConnected();
        using RawClient second = RawClient.Connect(host.Endpoint);
        ClientInfo two = host.NextConnected();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((one.Id, two.Id), Is.EqualTo((1, 2)));
            Assert.That(one.ProcessId, Is.EqualTo(Environment.ProcessId));
            Assert.That(one.UserId, Is.EqualTo(KernelId("Uid:")));
            Assert.That(one.GroupId, Is.EqualTo(KernelId("Gid:")));
            Assert.That(one.IsVerified, Is.True);
        }
    }

    [Test]
    public async Task H6_a_disconnected_client_is_reported_with_the_reason()
    {
        await using var host = new TestHost();
        RawClient client = RawClient.Bound(host.Endpoint);
        ClientInfo connected = host.NextConnected();
        client.Dispose();
        (ClientInfo gone, DisconnectReason reason) = host.NextDisconnected();
        Assert.That((gone, reason.Cause), Is.EqualTo((connected, DisconnectCause.ClosedByPeer)));
        Assert.That(reason.Message, Is.EqualTo("The peer closed the connection."));
    }

    [Test]
    public async Task H6_the_signals_run_on_the_evaluator_of_the_options()
    {
        using var evaluator = new ThreadEvaluator("chosen");
        using var threads = new Received<string?>();
        await using var host = new TestHost(options: new IpcHostOptions { Evaluator = evaluator });
        host.Host.ClientConnected.Connect(() => threads.Add(Thread.CurrentThread.Name));
        using RawClient client = RawClient.Connect(host.Endpoint);
        Assert.That(threads.Next(), Is.EqualTo("chosen"));
    }

    [Test]
    public async Task H6_a_claimed_identity_is_ignored_on_unix_sockets()
    {
        using var clients = new Received<ClientInfo>();
        await using var host = new TestHost(Noting(clients));
        using RawClient client = RawClient.Bound(host.Endpoint);
        client.Send(Claim(4711));
        client.AssertIsServed();
        Assert.That(clients.Next().ProcessId, Is.EqualTo(Environment.ProcessId));
    }

    [Test]
    public async Task H6_a_claimed_identity_is_accepted_once_over_tcp()
    {
        using var clients = new Received<ClientInfo>();
        await using var host = new TestHost(Noting(clients));
        IpcEndpoint endpoint = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        using RawClient client = RawClient.Bound(endpoint);
        client.AssertIsServed();
        Assert.That(clients.Next(), Is.EqualTo(new ClientInfo(1)));

        client.Send(Claim(4711), Claim(4712));
        client.AssertIsServed();
        Assert.That(
            clients.Next(),
            Is.EqualTo(
                new ClientInfo(1)
                {
                    ProcessId = 4711,
                    UserId = 7,
                    MachineName = "moon",
                }
            )
        );
    }

    [Test]
    public async Task H6_values_that_a_client_does_not_claim_are_null()
    {
        using var clients = new Received<ClientInfo>();
        await using var host = new TestHost(Noting(clients));
        IpcEndpoint endpoint = host.Host.Start(IpcEndpoint.Parse("127.0.0.1:0"));
        IPCFrame.Types.SetPeerIdentity[] claims = [new(), new() { Pid = 4711 }, new() { Uid = 7 }, new() { MachineName = "moon" }];
        foreach (IPCFrame.Types.SetPeerIdentity claim in claims)
        {
            using RawClient client = RawClient.Bound(endpoint);
            client.Send(new IPCFrame { SetPeerIdentity = claim });
            client.AssertIsServed();
            ClientInfo seen = clients.Next();
            Assert.That(
                (seen.ProcessId, seen.UserId, seen.MachineName, seen.GroupId, seen.IsVerified),
                Is.EqualTo((claim.HasPid ? 4711 : (int?)null, claim.HasUid ? 7u : (uint?)null, claim.HasMachineName ? "moon" : null, (uint?)null, false))
            );
        }
    }

    [Test]
    public async Task H6_a_slot_that_throws_affects_no_client()
    {
        await using var host = new TestHost();
        host.Host.ClientConnected.Connect(() => throw new InvalidOperationException("On purpose."));
        using RawClient first = RawClient.Bound(host.Endpoint);
        using RawClient second = RawClient.Bound(host.Endpoint);
        host.NextConnected();
        host.NextConnected();
        first.AssertIsServed();
        second.AssertIsServed();
    }

    [Test]
    public async Task H8_a_disconnecting_client_cancels_only_its_calls()
    {
        using var contexts = new Received<CallContext>();
        using var writers = new Received<ReplyWriter<GreeterReplyMsg>>();
        var service = new ScriptedGreeter
        {
            OnGoodbye = (_, reply) =>
            {
                contexts.Add(reply.Context);
                writers.Add(reply);
            },
        };
        await using var host = new TestHost(service);
        RawClient goes = RawClient.Bound(host.Endpoint);
        goes.Send(goes.Call(2, "goes"));
        CallContext gone = contexts.Next();
        using RawClient stays = RawClient.Bound(host.Endpoint);
        IPCFrame call = stays.Call(2, "stays");
        stays.Send(call);
        CallContext stayed = contexts.Next();

        using var cancelled = new ManualResetEventSlim();
        using CancellationTokenRegistration registration = gone.CancellationToken.Register(cancelled.Set);
        goes.Dispose();
        Bounded.Wait(cancelled, "The cancellation");
        Assert.That(stayed.CancellationToken.IsCancellationRequested, Is.False);

        // Either may come first: the two calls ran on threads of their own.
        ReplyWriter<GreeterReplyMsg>[] both = [writers.Next(), writers.Next()];
        both.Single(writer => writer.Context == stayed).Complete(ScriptedGreeter.Reply("still here"));
        Assert.That(RawClient.Message(stays.ReceiveReply(call.RequestId)), Is.EqualTo("still here"));
    }

    [Test]
    public async Task H8_a_callback_of_the_token_that_throws_affects_no_client()
    {
        using var contexts = new Received<CallContext>();
        await using var host = new TestHost(
            new ScriptedGreeter
            {
                OnGoodbye = (_, reply) =>
                {
                    reply.Context.CancellationToken.Register(() => throw new InvalidOperationException("On purpose."));
                    contexts.Add(reply.Context);
                },
            }
        );
        using (RawClient goes = RawClient.Bound(host.Endpoint))
        {
            goes.Send(goes.Call(2, "Ann"));
            contexts.Next();
        }

        host.NextDisconnected();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    [Test]
    public async Task H10_a_check_sees_the_credentials_and_may_refuse_the_client()
    {
        using var seen = new Received<ClientInfo>();
        var options = new IpcHostOptions
        {
            Authorize = client =>
            {
                seen.Add(client);
                return client.Id != 1;
            },
        };
        await using var host = new TestHost(options: options);
        using (RawClient refused = RawClient.Connect(host.Endpoint))
        {
            refused.AssertIsEnded();
        }

        Assert.That(seen.Next().ProcessId, Is.EqualTo(Environment.ProcessId));
        using RawClient admitted = RawClient.Bound(host.Endpoint);
        admitted.AssertIsServed();
        Assert.That(host.NextConnected().Id, Is.EqualTo(2), "The refused client raises no signal.");
        Assert.That(host.Host.RefusedClientCount, Is.EqualTo(1));
    }

    [Test]
    public async Task H10_a_check_that_throws_refuses_the_client()
    {
        await using var host = new TestHost(
            options: new IpcHostOptions { Authorize = client => client.Id != 1 ? true : throw new InvalidOperationException("On purpose.") }
        );
        using (RawClient refused = RawClient.Connect(host.Endpoint))
        {
            refused.AssertIsEnded();
        }

        using RawClient admitted = RawClient.Bound(host.Endpoint);
        admitted.AssertIsServed();
    }

    [Test]
    public async Task H10_a_slow_check_delays_no_other_client()
    {
        using var proceed = new ManualResetEventSlim();
        await using var host = new TestHost(options: new IpcHostOptions { Authorize = client => client.Id != 1 || proceed.Wait(Bounded.Limit) });
        using RawClient slow = RawClient.Connect(host.Endpoint);
        using RawClient quick = RawClient.Bound(host.Endpoint);
        quick.AssertIsServed();
        proceed.Set();
        Assert.That(slow.Bind("Greeter").MsgBindServiceReply.Success, Is.True);
    }

    private static ScriptedGreeter Noting(Received<ClientInfo> clients) =>
        new()
        {
            OnHello = (request, context) =>
            {
                clients.Add(context.Client);
                return new(ScriptedGreeter.Reply($"Hello {request.Name}"));
            },
        };

    private static IPCFrame Claim(int process) =>
        new()
        {
            SetPeerIdentity = new IPCFrame.Types.SetPeerIdentity
            {
                Pid = process,
                Uid = 7,
                MachineName = "moon",
            },
        };

    /// <summary>Returns the user or group of this process, as reported by the kernel.</summary>
    private static uint KernelId(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return uint.Parse(line.Split('\t')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
