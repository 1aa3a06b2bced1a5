using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A host with a scripted Greeter service, and a client whose proxy is bound to it.</summary>
internal sealed class TestSession : IAsyncDisposable
{
    private TestSession(TestHost host, IpcClient client)
    {
        Host = host;
        Client = client;
    }

    internal TestHost Host { get; }

    internal IpcClient Client { get; }

    internal GreeterProxy Proxy { get; } = new();

    internal static async Task<TestSession> StartAsync(
        Service service,
        IpcHostOptions? hostOptions = null,
        IpcClientOptions? clientOptions = null,
        Medium medium = Medium.SocketFile
    )
    {
        var host = new TestHost(service, hostOptions, medium);
        var session = new TestSession(host, new IpcClient(host.Endpoint, clientOptions));
        await session.Client.ConnectAsync().Within("connecting");
        await session.Client.BindAsync(session.Proxy).Within("binding");
        return session;
    }

    /// <summary>Waits until no call is active on the host.</summary>
    internal Task IdleAsync() => Bounded.UntilAsync(() => Host.Host.ActiveCalls == 0, "the end of all calls");

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        await Client.DisposeAsync();
        await Host.DisposeAsync();
    }
}
