using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Ipc;

/// <summary>C5, C7, C10: in which state calls fail, and where what awaits them runs.</summary>
[TestFixture(Medium.SocketFile)]
[TestFixture(Medium.InMemory)]
public sealed class ClientLossTests(Medium medium) : ClientFixture(medium)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTime _time = new();
    private IpcClient _client = null!;
    private GreeterProxy _proxy = null!;

    [TearDown]
    public async Task DisposeClient()
    {
        await _client.DisposeAsync();
        _proxy?.Dispose();
    }

    [Test]
    public async Task C5_failed_calls_find_that_the_client_is_not_connected()
    {
        await Begin(new IpcClientOptions { MaxUnsentBytes = 1 });
        string large = new('x', 100_000);
        Task<bool>[] calls =
        [
            WasConnectedWhenFailedAsync(() => _proxy.SayHelloAsync("a")),
            WasConnectedWhenFailedAsync(() => _proxy.WatchGreetings("b").GetAsyncEnumerator().MoveNextAsync().AsTask()),
            .. Enumerable.Range(0, 30).Select(_ => WasConnectedWhenFailedAsync(() => _proxy.Tell(large).AsTask())),
            WasConnectedWhenFailedAsync(() => _proxy.SayHelloAsync("c")),
        ];
        await Host.ReadFrameAsync();
        Host.HangUp();
        foreach (Task<bool> call in calls)
        {
            Assert.That(await call.Within("the end of the call"), Is.False);
        }
    }

    [Test]
    public async Task C5_failed_one_way_calls_find_that_the_client_is_not_connected()
    {
        for (int round = 0; round < 20; round++)
        {
            await Begin();
            Task<bool> telling = Task.Run(async () =>
            {
                while (true)
                {
                    try
                    {
                        await _proxy.Tell("a").ConfigureAwait(false);
                    }
                    catch (IpcDisconnectedException)
                    {
                        return _client.IsConnected || _proxy.IsConnected;
                    }
                }
            });
            await Host.ReadFrameAsync();
            Host.HangUp();
            Assert.That(await telling.Within("the failure"), Is.False);
            await _client.DisposeAsync();
        }
    }

    [Test]
    public async Task C6_immediately_retried_call_does_not_prevent_reconnecting()
    {
        await Begin(new IpcClientOptions { Reconnect = true });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(_client.Disconnected);
        using var stop = new CancellationTokenSource();
        Task<string> call = Task.Run(async () =>
        {
            while (true)
            {
                stop.Token.ThrowIfCancellationRequested();
                try
                {
                    return (await _proxy.SayHelloAsync("a").ConfigureAwait(false)).Message;
                }
                catch (IpcDisconnectedException)
                {
                    // At once, as a program in a hurry does.
                }
            }
        });
        try
        {
            await Host.ReadFrameAsync();
            Host.HangUp();
            await Host.AcceptAsync();
            await Host.ReplyToBindAsync();
            await ReplyAsync("at last");
            Assert.That(await call.Within("the reply"), Is.EqualTo("at last"));
            await disconnected.NextAsync("Disconnected");
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    [TestCase("lost")]
    [TestCase("client disposed")]
    [TestCase("proxy disposed")]
    [TestCase("timed out")]
    [TestCase("cancelled")]
    [TestCase("not carried out")]
    [TestCase("not understood")]
    [TestCase("not decoded")]
    public async Task C5_blocking_continuation_of_a_failed_call_delays_nothing_else(string how)
    {
        await Begin(new IpcClientOptions { CallTimeout = TimeSpan.FromSeconds(5), TimeProvider = _time });
        SignalProbe<DisconnectReason> lost = Probe.Of(_client.Disconnected);
        using var cancellation = new CancellationTokenSource();
        using var entered = new CountdownEvent(3);
        using var release = new ManualResetEventSlim();
        var fails = new List<Task<bool>>
        {
            BlocksWhenFailedAsync(() => _proxy.SayHelloAsync("a", cancellation.Token)),
            BlocksWhenFailedAsync(() => _proxy.SayHelloAsync("b", cancellation.Token)),
            BlocksWhenFailedAsync(() => _proxy.WatchGreetings("c", cancellation.Token).GetAsyncEnumerator().MoveNextAsync().AsTask()),
        };
        IPCFrame[] requests = [await Host.ReadFrameAsync(), await Host.ReadFrameAsync(), await Host.ReadFrameAsync()];
        switch (how)
        {
            case "lost":
                Host.HangUp();
                await lost.NextAsync("Disconnected");
                break;
            case "client disposed":
                await _client.DisposeAsync();
                break;
            case "proxy disposed":
                _proxy.Dispose();
                break;
            case "timed out":
                _time.Advance(TimeSpan.FromSeconds(5));
                await Host.SendAsync(ScriptedHost.Reply(requests[2].RequestId, null, success: false));
                break;
            case "cancelled":
                cancellation.Cancel();
                break;
            case "not carried out":
                await Host.SendAsync([.. requests.Select(request => ScriptedHost.Reply(request.RequestId, null, success: false))]);
                break;
            case "not understood":
                await Host.SendAsync([.. requests.Select(request => Error(request.RequestId))]);
                break;
            case "not decoded":
                await Host.SendAsync([.. requests.Select(request => Undecodable(request.RequestId))]);
                break;
        }

        await Bounded.UntilAsync(() => entered.IsSet, Patience, "the failure of every call");
        if (how is not ("lost" or "client disposed" or "proxy disposed"))
        {
            await RoundTripAsync(_proxy);
        }

        release.Set();
        foreach (Task<bool> call in fails)
        {
            Assert.That(await call.Within("the end of the call"), Is.True, "released, not disconnected");
        }

        async Task<bool> BlocksWhenFailedAsync(Func<Task> call)
        {
            try
            {
                await call().ConfigureAwait(false);
                return false;
            }
            catch (Exception exception) when (exception is IpcException or TimeoutException or OperationCanceledException)
            {
                entered.Signal();
                return release.Wait(Patience);
            }
        }
    }

    private static IPCFrame Error(ulong requestId) =>
        new()
        {
            RequestId = requestId,
            MsgRequestError = new IPCFrame.Types.RequestError { Error = "what?" },
        };

    private static IPCFrame Undecodable(ulong requestId) =>
        new()
        {
            RequestId = requestId,
            MsgInvokeMethodReply = new IPCFrame.Types.InvokeMethodReply { Success = true, ReplyProto = Google.Protobuf.ByteString.CopyFrom(0x0B) },
        };

    private async Task Begin(IpcClientOptions? options = null)
    {
        (_client, _proxy) = await BindAsync(options);
    }

    /// <summary>Makes a call that fails, and returns whether its client and its proxy are connected in the continuation.</summary>
    private async Task<bool> WasConnectedWhenFailedAsync(Func<Task> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return false;
        }
        catch (IpcDisconnectedException)
        {
            return _client.IsConnected || _proxy.IsConnected;
        }
    }
}
