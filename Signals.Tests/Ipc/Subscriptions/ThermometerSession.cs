using Signals.Ipc;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>A host with a thermometer, and a client whose proxy is bound to it.</summary>
internal sealed class ThermometerSession : IAsyncDisposable
{
    private ThermometerSession(TestHost host, ThermometerService service, IpcClient client)
    {
        Host = host;
        Service = service;
        Client = client;
    }

    internal TestHost Host { get; }

    internal ThermometerService Service { get; }

    internal IpcClient Client { get; }

    internal ThermometerProxy Proxy { get; } = new();

    internal static async Task<ThermometerSession> StartAsync(
        IpcClientOptions? clientOptions = null,
        IpcHostOptions? hostOptions = null,
        ThermometerService? service = null
    )
    {
        service ??= new ThermometerService();
        var host = new TestHost(service, hostOptions);
        var session = new ThermometerSession(host, service, new IpcClient(host.Endpoint, clientOptions));
        await session.Client.ConnectAsync().Within("connecting");
        await session.Client.BindAsync(session.Proxy).Within("binding");
        return session;
    }

    /// <summary>Waits until the host has the specified number of active calls.</summary>
    internal Task ActiveAsync(int calls) => Bounded.UntilAsync(() => Host.Host.ActiveCalls == calls, $"{calls} active calls");

    /// <summary>Waits until the host has subscribed a client to the signal, which it does after the call has begun.</summary>
    internal Task SubscribedAsync() => Bounded.UntilAsync(() => Service.IsSubscribed, "the subscription");

    public async ValueTask DisposeAsync()
    {
        Proxy.Dispose();
        await Client.DisposeAsync();
        await Host.DisposeAsync();
    }
}
