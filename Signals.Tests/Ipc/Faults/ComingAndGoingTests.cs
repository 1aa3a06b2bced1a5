using NUnit.Framework;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Faults;

/// <summary>A thousand clients connect, call and disconnect: after a call, in the middle of a stream, or without a request.</summary>
[Platform("Linux")]
public sealed class ComingAndGoingTests
{
    private const int AtATime = 20;
    private const int Rounds = 50;

    [Test]
    public async Task C7_H8_thousand_connecting_and_disconnecting_clients_leave_no_resources_on_either_side()
    {
        await using var host = new TestHost(
            new ScriptedGreeter { OnWatch = (_, context) => WatchForEver(context) },
            new IpcHostOptions { MaxClients = 2 * AtATime }
        );
        await VisitAsync(host.Endpoint, 0);
        await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the first client");
        var before = new OpenSockets();
        for (int round = 0; round < Rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, AtATime).Select(number => VisitAsync(host.Endpoint, number)));
            await Bounded.UntilAsync(() => host.Host.ClientCount == 0, "the end of the last client");
        }

        Assert.That(host.Host.ActiveCalls, Is.Zero);
        Assert.That(host.Host.RefusedClientCount, Is.Zero);
        await before.AssertNoneLeftAsync();
        using RawClient next = RawClient.Bound(host.Endpoint);
        next.AssertIsServed();
    }

    private static async Task VisitAsync(IpcEndpoint endpoint, int number)
    {
        var client = new IpcClient(endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        if (number % 3 == 0)
        {
            // Gone without a word.
            await client.DisposeAsync();
            return;
        }

        await client.BindAsync(proxy).Within("binding");
        if (number % 3 == 1)
        {
            Assert.That((await proxy.SayHelloAsync($"{number}").Within("the reply")).Message, Is.EqualTo($"Hello {number}"));
            await client.DisposeAsync();
            return;
        }

        IAsyncEnumerator<GreeterReplyMsg> stream = proxy.WatchGreetings("Ada").GetAsyncEnumerator();
        await using (stream)
        {
            Assert.That(await stream.MoveNextAsync().Within("the first greeting"), Is.True);
            await client.DisposeAsync();
            await Assert.ThrowsAsync<IpcDisconnectedException>(() => ReadToEndAsync(stream).Within("the end of the stream"));
        }
    }

    private static async Task ReadToEndAsync(IAsyncEnumerator<GreeterReplyMsg> stream)
    {
        while (await stream.MoveNextAsync()) { }
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> WatchForEver(CallContext context)
    {
        yield return ScriptedGreeter.Reply("one");
        await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
    }
}
