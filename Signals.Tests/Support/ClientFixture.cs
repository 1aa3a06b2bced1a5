using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Wire;

namespace Signals.Tests.Support;

/// <summary>A client and the host's end of its connection, in the hands of a test.</summary>
public abstract class ClientFixture(Medium medium = Medium.SocketFile)
{
    private SocketPath _path = null!;

    internal Medium Medium => medium;

    internal ScriptedHost Host { get; private set; } = null!;

    internal IpcEndpoint Endpoint => medium == Medium.InMemory ? IpcEndpoint.InMemory(_path.Text) : _path.Endpoint;

    internal string SocketFile => _path.Text;

    [SetUp]
    public void StartHost()
    {
        _path = new SocketPath();
        Host = new ScriptedHost(Endpoint);
    }

    [TearDown]
    public void StopHost()
    {
        Host.Dispose();
        _path.Dispose();
    }

    /// <summary>Ends the host, so that no host listens, and removes its file.</summary>
    internal void EndHost() => Host.Dispose();

    internal void RestartHost() => Host = new ScriptedHost(Endpoint);

    internal async Task<IpcClient> ConnectAsync(IpcClientOptions? options = null)
    {
        var client = new IpcClient(Endpoint, options);
        Task connecting = client.ConnectAsync();
        await Host.AcceptAsync();
        await connecting.Within("connecting");
        return client;
    }

    internal async Task<(IpcClient Client, GreeterProxy Proxy)> BindAsync(IpcClientOptions? options = null)
    {
        IpcClient client = await ConnectAsync(options);
        var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        await Host.ReplyToBindAsync();
        await binding.Within("binding");
        return (client, proxy);
    }

    /// <summary>Binds a proxy on a client that then watches the host. Returns the id of the call that watches.</summary>
    internal async Task<(IpcClient Client, GreeterProxy Proxy, ulong WatchId)> BindAndWatchAsync(IpcClientOptions? options = null)
    {
        IpcClient client = await ConnectAsync(options);
        var proxy = new GreeterProxy();
        Task binding = client.BindAsync(proxy);
        IPCFrame reply = ScriptedHost.BindReply((await Host.ReadFrameAsync()).RequestId);
        reply.MsgBindServiceReply.Control = true;
        await Host.SendAsync(reply);
        ulong watchId = await Host.ReplyToControlAsync();
        await binding.Within("binding");
        return (client, proxy, watchId);
    }

    /// <summary>Replies to the next call.</summary>
    internal async Task<IPCFrame> ReplyAsync(string message)
    {
        IPCFrame call = await Host.ReadFrameAsync();
        await Host.SendAsync(ScriptedHost.Reply(call.RequestId, message));
        return call;
    }

    /// <summary>Makes a call and replies to it, after which all earlier frames have been handled.</summary>
    internal async Task RoundTripAsync(GreeterProxy proxy)
    {
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("round trip");
        await ReplyAsync("round trip");
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("round trip"));
    }
}
