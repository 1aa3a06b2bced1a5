using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rule D2: settings come from the program and from the configuration, and are validated when the application starts.</summary>
public sealed class SettingsTests
{
    private static IpcHostSettings HostSettings(Action<IpcHostSettings>? configure, params (string Key, string? Value)[] configuration)
    {
        var application = Application.Build(services => services.AddIpcHost(configure), configuration);
        return application.Get<IOptionsMonitor<IpcHostSettings>>().Get("");
    }

    private static IpcClientSettings ClientSettings(Action<IpcClientSettings>? configure, params (string Key, string? Value)[] configuration)
    {
        var application = Application.Build(services => services.AddIpcClient(configure), configuration);
        return application.Get<IOptionsMonitor<IpcClientSettings>>().Get("");
    }

    private static string[] Failures(params (string Key, string? Value)[] configuration) =>
        [.. Assert.Throws<OptionsValidationException>(() => HostSettings(null, configuration))!.Failures];

    [Test]
    public void D2_configuration_overrides_the_program()
    {
        IpcHostSettings settings = HostSettings(
            settings =>
            {
                settings.Listen("/run/program.sock");
                settings.Host.MaxClients = 2;
                settings.Host.MaxFrameSize = 1000;
            },
            ("Ipc:Host:Endpoint", "/run/configured.sock"),
            ("Ipc:Host:MaxClients", "3")
        );
        Assert.That(settings.Endpoints, Is.EqualTo([IpcEndpoint.Parse("/run/configured.sock")]));
        Assert.That(settings.Host.MaxClients, Is.EqualTo(3));
        Assert.That(settings.Host.MaxFrameSize, Is.EqualTo(1000));
    }

    [Test]
    public void D2_all_settings_of_a_host_can_be_configured()
    {
        IpcHostSettings settings = HostSettings(
            null,
            ("Ipc:Host:Endpoints:0", "/run/a.sock"),
            ("Ipc:Host:Endpoints:1", "127.0.0.1:80"),
            ("Ipc:Host:SocketActivation", "greeter.socket"),
            ("Ipc:Host:IncludeExceptionDetails", "true"),
            ("Ipc:Host:MaxClients", "1"),
            ("Ipc:Host:MaxUnsentBytes", "2"),
            ("Ipc:Host:MaxConcurrentCalls", "3"),
            ("Ipc:Host:SerializeCalls", "True"),
            ("Ipc:Host:MaxRequestBytes", "4"),
            ("Ipc:Host:MaxTotalRequestBytes", "5000000000"),
            ("ipc:host:maxframesize", "600"),
            ("Ipc:Host:WriteTimeout", "00:00:07"),
            ("Ipc:Host:IdleTimeout", "00:08:00"),
            ("Ipc:Host:KeepAlive", "Infinite"),
            ("Ipc:Host:GracePeriod", "00:00:00"),
            ("Ipc:Host:AuthorizeTimeout", "00:00:09.5"),
            ("Ipc:Host:MaxSubscriptionsPerClient", "10"),
            ("Ipc:Host:RelaySignals", "true"),
            ("Ipc:Host:DescribesItself", "true"),
            ("Ipc:Host:SocketFileMode", "660")
        );
        IpcHostOptions options = settings.Host;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.Endpoints, Is.EqualTo([IpcEndpoint.Parse("/run/a.sock"), IpcEndpoint.Parse("127.0.0.1:80")]));
            Assert.That(settings.SocketActivation, Is.EqualTo("greeter.socket"));
            Assert.That(options.IncludeExceptionDetails && options.SerializeCalls && options.RelaySignals && options.DescribesItself == true, Is.True);
            Assert.That((options.MaxClients, options.MaxUnsentBytes, options.MaxConcurrentCalls), Is.EqualTo((1, 2, 3)));
            Assert.That((options.MaxRequestBytes, options.MaxTotalRequestBytes), Is.EqualTo((4L, 5_000_000_000L)));
            Assert.That((options.MaxFrameSize, options.MaxSubscriptionsPerClient), Is.EqualTo((600, 10)));
            Assert.That((options.WriteTimeout, options.IdleTimeout), Is.EqualTo((TimeSpan.FromSeconds(7), TimeSpan.FromMinutes(8))));
            Assert.That((options.KeepAlive, options.GracePeriod), Is.EqualTo(((TimeSpan?)Timeout.InfiniteTimeSpan, TimeSpan.Zero)));
            Assert.That(options.AuthorizeTimeout, Is.EqualTo(TimeSpan.FromSeconds(9.5)));
            Assert.That(
                options.SocketFileMode,
                Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)
            );
        }
    }

    [Test]
    public void D2_all_settings_of_a_client_can_be_configured()
    {
        IpcClientSettings settings = ClientSettings(
            null,
            ("Ipc:Client:Endpoint", "@greeter"),
            ("Ipc:Client:Retry", "false"),
            ("Ipc:Client:Reconnect", "false"),
            ("Ipc:Client:ConnectTimeout", "00:00:01"),
            ("Ipc:Client:CallTimeout", "00:00:02"),
            ("Ipc:Client:KeepAlive", "00:00:03"),
            ("Ipc:Client:MaxFrameSize", "400"),
            ("Ipc:Client:MaxUnsentBytes", "5"),
            ("Ipc:Client:MaxBufferedStreamBytes", "6"),
            ("Ipc:Client:StreamOverflow", "fail")
        );
        IpcClientOptions options = settings.Client;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(settings.Endpoint, Is.EqualTo(IpcEndpoint.AbstractSocket("greeter")));
            Assert.That(options.Retry || options.Reconnect, Is.False);
            Assert.That((options.ConnectTimeout, options.CallTimeout), Is.EqualTo((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2))));
            Assert.That(options.KeepAlive, Is.EqualTo(TimeSpan.FromSeconds(3)));
            Assert.That((options.MaxFrameSize, options.MaxUnsentBytes, options.MaxBufferedStreamBytes), Is.EqualTo((400, 5L, 6L)));
            Assert.That(options.StreamOverflow, Is.EqualTo(StreamOverflow.Fail));
        }
    }

    [Test]
    public void D2_client_of_an_application_retries_and_reconnects_by_default()
    {
        IpcClientSettings settings = ClientSettings(settings => settings.ConnectTo("@greeter"));
        Assert.That(settings.Client.Retry && settings.Client.Reconnect, Is.True);
        Assert.That(settings.Endpoint, Is.EqualTo(IpcEndpoint.AbstractSocket("greeter")));
    }

    [Test]
    public void D2_host_and_client_with_a_name_have_sections_of_their_own()
    {
        var application = Application.Build(
            services =>
            {
                services.AddIpcHost("plant");
                services.AddIpcHost("office").BindConfiguration("Office:Server");
                services.AddIpcClient("backend");
            },
            ("Ipc:Hosts:plant:Endpoint", "@plant"),
            ("Office:Server:Endpoint", "@office"),
            ("Ipc:Clients:backend:Endpoint", "@backend")
        );
        Assert.That(application.Get<IOptionsMonitor<IpcHostSettings>>().Get("plant").Endpoints.Single().ToString(), Is.EqualTo("@plant"));
        Assert.That(application.Get<IOptionsMonitor<IpcHostSettings>>().Get("office").Endpoints.Single().ToString(), Is.EqualTo("@office"));
        Assert.That(application.Get<IOptionsMonitor<IpcClientSettings>>().Get("backend").Endpoint.ToString(), Is.EqualTo("@backend"));
    }

    [Test]
    public void D2_endpoint_that_cannot_be_parsed_is_named_by_its_key()
    {
        Assert.That(Failures(("Ipc:Host:Endpoint", "a:b")), Is.EqualTo(new[] { Failures(("Ipc:Host:Endpoint", "a:b")).Single() }));
        Assert.That(Failures(("Ipc:Host:Endpoint", "a:b")).Single(), Does.StartWith("Ipc:Host:Endpoint is \"a:b\": ").And.Contain("port"));
        Assert.That(Failures(("Ipc:Host:Endpoints:1", "")).Single(), Does.StartWith("Ipc:Host:Endpoints:1 is \"\": "));
        Assert.That(Failures(("Ipc:Host:Endpoint", new string('x', 200))).Single(), Does.Contain("107"));
    }

    [TestCase("MaxClients", "0", "MaxClients must be at least 1.")]
    [TestCase("MaxClients", "many", "many")]
    [TestCase("MaxClients", "99999999999", "Int32")]
    [TestCase("RelaySignals", "yes", "Boolean")]
    [TestCase("GracePeriod", "5", "hours:minutes:seconds")]
    [TestCase("GracePeriod", "-00:00:05", "GracePeriod")]
    [TestCase("SocketFileMode", "rw", "octal")]
    [TestCase("SocketFileMode", "1777", "octal")]
    [TestCase("Endpoints", "/run/a.sock", "list")]
    public void D2_value_that_cannot_be_used_is_named_by_its_key(string key, string value, string part)
    {
        string failure = Failures(("Ipc:Host:Endpoint", "@a"), ($"Ipc:Host:{key}", value)).Single();
        Assert.That(failure, Does.StartWith($"Ipc:Host:{key} is ").And.Contain(part).And.Not.Contain("(Parameter"));
    }

    [Test]
    public void D2_key_that_does_not_exist_is_reported_with_those_that_do()
    {
        string failure = Failures(("Ipc:Host:Endpiont", "@a")).Single();
        Assert.That(failure, Does.StartWith("Ipc:Host:Endpiont is not a setting.").And.Contain("Endpoint, ").And.Contain("GracePeriod"));
    }

    [Test]
    public void D2_host_and_client_without_an_endpoint_are_reported_with_the_key()
    {
        Assert.That(Failures().Single(), Does.StartWith("Ipc:Host:Endpoint is missing."));
        OptionsValidationException client = Assert.Throws<OptionsValidationException>(() => ClientSettings(null))!;
        Assert.That(client.Failures.Single(), Does.StartWith("Ipc:Client:Endpoint is missing."));
        Assert.Throws<OptionsValidationException>(() => HostSettings(settings => settings.Endpoints.Add(default)));
    }

    [Test]
    public async Task D2_application_with_bad_settings_does_not_start_and_names_all_of_them()
    {
        await using var application = Application.Build(
            services => services.AddIpcHost(settings => settings.Listen("memory:bad-settings")),
            ("Ipc:Host:MaxClients", "0"),
            ("Ipc:Host:GracePeriod", "soon")
        );
        OptionsValidationException exception = await Assert.ThrowsAsync<OptionsValidationException>(application.StartAsync);
        Assert.That(exception.Message, Does.Contain("Ipc:Host:MaxClients").And.Contain("Ipc:Host:GracePeriod"));
        Assert.That(await Recorder.CanConnectAsync(IpcEndpoint.InMemory("bad-settings")), Is.False);
    }

    [Test]
    public async Task D2_container_without_a_configuration_has_the_settings_of_the_program()
    {
        var services = new ServiceCollection();
        services.AddIpcClient(settings => settings.ConnectTo("@greeter"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IpcClient>().Endpoint.ToString(), Is.EqualTo("@greeter"));
    }
}
