using System.Reactive;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Runtime.CompilerServices;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Reactive;

namespace Signals.Tests.Reactive;

/// <summary>Connection events and streams of Signals.Ipc in Rx pipelines.</summary>
public sealed class IpcObservableTests
{
    [Test]
    public async Task Every_event_of_a_client_a_proxy_and_a_host_is_an_observable_with_one_call()
    {
        await using var host = new TestHost();
        var client = new IpcClient(host.Endpoint);
        using var proxy = new GreeterProxy();
        Task<Unit> connected = client.Connected.AsObservable().FirstAsync().ToTask();
        Task<Unit> bound = proxy.Connected.AsObservable().FirstAsync().ToTask();
        Task<ClientInfo> came = host.Host.ClientConnected.AsObservable().FirstAsync().ToTask();
        Task<(ClientInfo Client, DisconnectReason Reason)> went = host.Host.ClientDisconnected.AsObservable().FirstAsync().ToTask();
        Task<IList<DisconnectReason>> failures = client.ConnectFailed.AsObservable().ToList().ToTask();
        Task<IList<DisconnectReason>> disconnections = client.Disconnected.AsObservable().ToList().ToTask();
        Task<IList<DisconnectReason>> ofProxy = proxy.Disconnected.AsObservable().ToList().ToTask();

        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        await connected.Within("Connected");
        await bound.Within("the proxy's Connected");
        ClientInfo info = await came.Within("ClientConnected");
        await client.DisposeAsync();

        Assert.That((await went.Within("ClientDisconnected")).Client, Is.SameAs(info));
        Assert.That(await failures.Within("the completion of ConnectFailed"), Is.Empty);
        Assert.That(await disconnections.Within("the completion of Disconnected"), Has.Count.LessThanOrEqualTo(1));
        proxy.Dispose();
        await ofProxy.Within("the completion of the proxy's Disconnected");
    }

    [Test]
    public async Task A_streaming_call_is_an_observable_with_one_call()
    {
        await using var host = new TestHost();
        await using var client = new IpcClient(host.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");

        IObservable<string> greetings = proxy.WatchGreetings("Ada").AsObservable().Select(reply => reply.Message);

        Assert.That(await greetings.ToList().ToTask().Within("the stream"), Is.EqualTo(["Ada 1", "Ada 2", "Ada 3"]));
        Assert.That(await greetings.Count().ToTask().Within("the stream again"), Is.EqualTo(3), "each subscription makes a separate call");
    }

    [Test]
    public async Task Disposing_the_subscription_ends_the_streaming_call()
    {
        var never = new TaskCompletionSource();
        await using var host = new TestHost(new ScriptedGreeter { OnWatch = (request, context) => Endless(never.Task, context.CancellationToken) });
        await using var client = new IpcClient(host.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");

        var first = new TaskCompletionSource<string>();
        int ends = 0;
        IDisposable subscription = proxy
            .WatchGreetings("Ada")
            .AsObservable()
            .Subscribe(reply => first.TrySetResult(reply.Message), _ => ends++, () => ends++);
        Assert.That(await first.Task.Within("the first reply"), Is.EqualTo("begun"));
        Assert.That(client.PendingCalls, Is.EqualTo(1));

        subscription.Dispose();

        Assert.That((client.PendingCalls, ends), Is.EqualTo((0, 0)));
        Assert.That((await proxy.SayHelloAsync("Ada").Within("another call")).Message, Is.EqualTo("Hello Ada"));
        never.SetResult();
    }

    [Test]
    public async Task A_lost_host_is_an_error_of_its_streams()
    {
        var never = new TaskCompletionSource();
        var host = new TestHost(new ScriptedGreeter { OnWatch = (request, context) => Endless(never.Task, context.CancellationToken) });
        await using var client = new IpcClient(host.Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        Task<Notification<GreeterReplyMsg>> end = proxy.WatchGreetings("Ada").AsObservable().Materialize().LastAsync().ToTask();
        Task<DisconnectReason> disconnected = client.Disconnected.AsObservable().FirstAsync().ToTask();

        await host.DisposeAsync();

        Assert.That((await end.Within("the error")).Exception, Is.InstanceOf<IpcDisconnectedException>());
        await disconnected.Within("Disconnected");
    }

    private static async IAsyncEnumerable<GreeterReplyMsg> Endless(Task never, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return ScriptedGreeter.Reply("begun");
        await never.WaitAsync(cancellationToken);
    }
}
