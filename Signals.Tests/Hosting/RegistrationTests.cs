using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rules D1 and D5: hosts, clients, services and proxies in the container.</summary>
public sealed class RegistrationTests : HostedFixture
{
    [Test]
    public async Task D1_proxy_of_the_container_calls_a_service_of_the_container()
    {
        await using Application application = await Application.StartAsync(services =>
        {
            AddGreeter(services);
            AddClient(services);
        });
        GreeterReplyMsg reply = await application.Get<IGreeter>().SayHelloAsync("Ada").Within("the reply");
        Assert.That(reply.Message, Is.EqualTo("Hello Ada, guest 1"));
        Assert.That(application.Get<GuestList>().Names, Is.EqualTo(["Ada"]));
    }

    [Test]
    public async Task D1_host_and_client_are_singletons()
    {
        await using var application = Application.Build(services =>
        {
            AddGreeter(services);
            AddClient(services);
        });
        Assert.That(application.Host, Is.SameAs(application.Get<IpcHost>()));
        Assert.That(application.Client, Is.SameAs(application.Get<IpcClient>()));
        Assert.That(application.Get<IGreeter>(), Is.SameAs(application.Get<IGreeter>("")));
    }

    [Test]
    public async Task D1_each_name_is_a_key_and_has_its_own_host_and_client()
    {
        (IpcEndpoint first, IpcEndpoint second) = (IpcEndpoint.InMemory($"{Endpoint}1"), IpcEndpoint.InMemory($"{Endpoint}2"));
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton<GuestList>();
            services.AddIpcHost("first", settings => settings.Endpoints.Add(first)).AddService<CountingGreeter>();
            services.AddIpcHost("second", settings => settings.Endpoints.Add(second));
            services.AddIpcClient("one", settings => settings.Endpoint = first).AddProxy<IGreeter, HostedGreeterProxy>();
            services.AddIpcClient("two", settings => settings.Endpoint = second).AddProxy<IGreeter, HostedGreeterProxy>();
        });
        Assert.That(application.Get<IpcHost>("first"), Is.Not.SameAs(application.Get<IpcHost>("second")));
        Assert.That(application.Get<IpcClient>("one").Endpoint, Is.EqualTo(first));
        Assert.That(application.Get<IpcClient>("two").Endpoint, Is.EqualTo(second));
        await application.Get<IGreeter>("one").SayHelloAsync("Ada").Within("the reply");
        Assert.That(application.Get<IGreeter>("two"), Is.Not.SameAs(application.Get<IGreeter>("one")));
    }

    [Test]
    public async Task D1_only_one_with_a_name_needs_no_key()
    {
        await using var application = Application.Build(services =>
        {
            services.AddIpcHost("first", settings => settings.Endpoints.Add(Endpoint));
            services.AddIpcClient("one", settings => settings.Endpoint = Endpoint).AddProxy<IGreeter, HostedGreeterProxy>();
        });
        Assert.That(application.Host, Is.SameAs(application.Get<IpcHost>("first")));
        Assert.That(application.Client, Is.SameAs(application.Get<IpcClient>("one")));
        Assert.That(application.Get<IGreeter>(), Is.SameAs(application.Get<IGreeter>("one")));
    }

    [Test]
    public async Task D1_one_without_a_name_is_the_one_without_a_key()
    {
        await using var application = Application.Build(services =>
        {
            services.AddIpcClient("one", settings => settings.Endpoint = IpcEndpoint.InMemory("other"));
            AddClient(services);
        });
        Assert.That(application.Client.Endpoint, Is.EqualTo(Endpoint));
    }

    [Test]
    public async Task D1_without_a_key_several_with_names_are_refused_and_named()
    {
        await using var application = Application.Build(services =>
        {
            services.AddIpcClient("one", settings => settings.Endpoint = Endpoint).AddProxy<IGreeter, HostedGreeterProxy>();
            services.AddIpcClient("two", settings => settings.Endpoint = Endpoint).AddProxy<IGreeter, HostedGreeterProxy>();
        });
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => application.Get<IGreeter>())!;
        Assert.That(exception.Message, Does.Contain("IGreeter").And.Contain("one, two").And.Contain("FromKeyedServices"));
        Assert.Throws<InvalidOperationException>(() => application.Get<IpcClient>());
    }

    [Test]
    public async Task D1_several_calls_compose_one_host()
    {
        await using Application application = await Application.StartAsync(services =>
        {
            AddGreeter(services);
            services.AddIpcHost(settings => settings.Host.MaxClients = 1);
            AddClient(services);
        });
        await application.Get<IGreeter>().SayHelloAsync("Ada").Within("the reply");
        await using var second = new IpcClient(Endpoint);
        SignalProbe<DisconnectReason> disconnected = Probe.Of(second.Disconnected);
        second.Connect();
        await disconnected.NextAsync("the refusal of the second client");
    }

    [Test]
    public void D1_arguments_are_checked()
    {
        var services = new ServiceCollection();
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddIpcHost());
        Assert.Throws<ArgumentNullException>(() => ((IServiceCollection)null!).AddIpcClient());
        Assert.Throws<ArgumentException>(() => services.AddIpcHost(""));
        Assert.Throws<ArgumentException>(() => services.AddIpcClient(""));
        Assert.Throws<ArgumentException>(() => services.AddIpcHost().BindConfiguration(""));
        IpcClientBuilder client = services.AddIpcClient().AddProxy<GreeterProxy>();
        Assert.Throws<InvalidOperationException>(() => client.AddProxy<GreeterProxy>());
    }

    [Test]
    public async Task D5_service_that_the_application_has_registered_is_used()
    {
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton(new ScriptedGreeter { OnHello = (_, _) => new ValueTask<GreeterReplyMsg>(ScriptedGreeter.Reply("Scripted")) });
            services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddService<ScriptedGreeter>();
            AddClient(services);
        });
        Assert.That((await application.Get<IGreeter>().SayHelloAsync("Ada").Within("the reply")).Message, Is.EqualTo("Scripted"));
    }

    [Test]
    public void D5_scoped_service_is_refused()
    {
        var services = new ServiceCollection();
        services.AddScoped<CountingGreeter>();
        IpcHostBuilder builder = services.AddIpcHost();
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => builder.AddService<CountingGreeter>())!;
        Assert.That(exception.Message, Does.Contain(nameof(CountingGreeter)).And.Contain("Scoped"));
    }

    [Test]
    public async Task D5_service_that_cannot_be_created_fails_the_start()
    {
        await using var application = Application.Build(services =>
            services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddService<CountingGreeter>()
        );
        InvalidOperationException exception = await Assert.ThrowsAsync<InvalidOperationException>(application.StartAsync);
        Assert.That(exception.Message, Does.Contain(nameof(GuestList)));
    }

    [Test]
    public async Task D1_interceptors_of_the_container_see_the_calls_of_host_and_client()
    {
        await using Application application = await Application.StartAsync(services =>
        {
            AddGreeter(services).AddInterceptor<VisitorBook>();
            AddClient(services).AddInterceptor<VisitorBook>();
        });
        await application.Get<IGreeter>().SayHelloAsync("Ada").Within("the reply");
        Assert.That(application.Get<GuestList>().Names, Is.EqualTo(["SayHello", "SayHello", "Ada"]));
    }

    [Test]
    public void D1_interceptor_that_is_registered_as_transient_is_refused()
    {
        var services = new ServiceCollection();
        services.AddTransient<VisitorBook>();
        IpcHostBuilder host = AddGreeter(services);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => host.AddInterceptor<VisitorBook>())!;
        Assert.That(exception.Message, Does.Contain(nameof(VisitorBook)).And.Contain("Transient"));
    }
}
