using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>Tests of applications with a host at an endpoint within the process.</summary>
public abstract class HostedFixture
{
    private protected IpcEndpoint Endpoint { get; private set; }

    [SetUp]
    public void ChooseEndpoint() => Endpoint = IpcEndpoint.InMemory(TestContext.CurrentContext.Test.ID);

    /// <summary>Adds a host with a greeter.</summary>
    private protected IpcHostBuilder AddGreeter(IServiceCollection services)
    {
        services.AddSingleton<GuestList>();
        return services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddService<CountingGreeter>();
    }

    /// <summary>Adds a client with a proxy of the greeter.</summary>
    private protected IpcClientBuilder AddClient(IServiceCollection services) =>
        services.AddIpcClient(settings => settings.Endpoint = Endpoint).AddProxy<IGreeter, HostedGreeterProxy>();
}
