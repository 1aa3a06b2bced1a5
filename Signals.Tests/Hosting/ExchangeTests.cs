using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Signals.Hosting;
using Signals.Remote;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rule D8: exported and imported signals in the container.</summary>
public sealed class ExchangeTests : HostedFixture
{
    [Test]
    public async Task D8_signal_of_the_container_arrives_at_a_signal_of_another_container()
    {
        await using Application exporter = await StartHostAsync(host => host.AddExportedSignal<double>("plant.temperature"));
        await using Application importer = await StartClientAsync(client => client.AddRemoteSignal<double>("plant.temperature"));
        SignalProbe<double> arrived = Probe.Of(importer.Get<ISignal<double>>("plant.temperature"));
        await importer.Get<RemoteSignal<double>>("plant.temperature").WaitUntilLiveAsync().Within("the subscription");
        exporter.Get<Signal<double>>("plant.temperature").Emit(21.5);
        Assert.That(await arrived.NextAsync("the value"), Is.EqualTo(21.5));
    }

    [Test]
    public async Task D8_import_is_subscribed_only_while_something_is_connected()
    {
        await using Application exporter = await StartHostAsync(host => host.AddExportedSignal<double>("plant.temperature"));
        await using Application importer = await StartClientAsync(client => client.AddRemoteSignal<double>("plant.temperature"));
        ExportedSignal exported = exporter.Get<ExportedSignal>("plant.temperature");
        SignalProbe<RemoteSubscriber> subscribed = Probe.Of(exported.Subscribed);
        await importer.Client.ConnectAsync().Within("connecting");
        Assert.That(exported.SubscriberCount, Is.Zero);
        importer.Get<ISignal<double>>("plant.temperature").Connect(_ => { });
        await subscribed.NextAsync("the subscription");
    }

    [Test]
    public async Task D8_signals_and_properties_of_objects_are_exported()
    {
        using var pressed = new Signal();
        using var level = new Signal<int>();
        var target = new Property<string>("low");
        await using Application exporter = await StartHostAsync(host =>
        {
            host.Services.AddSingleton(pressed).AddSingleton(level).AddSingleton(target);
            host.AddExportedSignal("pressed", services => services.GetRequiredService<Signal>())
                .AddExportedSignal("level", services => services.GetRequiredService<Signal<int>>())
                .AddExportedProperty("target", services => services.GetRequiredService<Property<string>>());
        });
        await using Application importer = await StartClientAsync(client =>
            client.AddRemoteSignal("pressed").AddRemoteSignal<int>("level").AddRemoteProperty<string>("target")
        );
        SignalProbe<bool> presses = Probe.Of(importer.Get<ISignal>("pressed"));
        SignalProbe<int> levels = Probe.Of(importer.Get<ISignal<int>>("level"));
        await importer.Get<RemoteSignal>("pressed").WaitUntilLiveAsync().Within("the subscription");
        await importer.Get<RemoteSignal<int>>("level").WaitUntilLiveAsync().Within("the subscription");
        await importer.Get<RemoteProperty<string>>("target").WaitUntilLiveAsync().Within("the value");
        pressed.Emit();
        level.Emit(3);
        await presses.NextAsync("the emission");
        Assert.That(await levels.NextAsync("the value"), Is.EqualTo(3));
        Assert.That(importer.Get<IReadOnlyProperty<string>>("target").Value, Is.EqualTo("low"));
    }

    [Test]
    public async Task D8_property_of_the_container_can_be_set_by_an_importer_that_is_allowed()
    {
        await using Application exporter = await StartHostAsync(host => host.AddExportedProperty("plant.target", 20.0).AddExportedSignal("plant.reset"));
        exporter.Get<ExportedProperty<double>>("plant.target").SetRequested = (_, value) => new ValueTask<double>(Math.Min(value, 25));
        await using Application importer = await StartClientAsync(client =>
            client.AddRemoteProperty<double>("plant.target").AddRemoteSignal("plant.reset")
        );
        RemoteProperty<double> target = importer.Get<RemoteProperty<double>>("plant.target");
        await target.WaitUntilLiveAsync().Within("the value");
        Assert.That(await target.RequestSetAsync(30).Within("the setting"), Is.EqualTo(25));
        Assert.That(exporter.Get<Property<double>>("plant.target").Value, Is.EqualTo(25));
        SignalProbe<bool> resets = Probe.Of(importer.Get<ISignal>("plant.reset"));
        await importer.Get<RemoteSignal>("plant.reset").WaitUntilLiveAsync().Within("the subscription");
        exporter.Get<Signal>("plant.reset").Emit();
        await resets.NextAsync("the emission");
    }

    [Test]
    public async Task D8_codec_of_the_container_is_used()
    {
        var codec = new JsonSignalCodec<Reading>("reading", ReadingContext.Default.Reading);
        await using Application exporter = await StartHostAsync(host =>
        {
            host.Services.AddSingleton<ISignalCodec<Reading>>(codec);
            host.AddExportedSignal<Reading>("readings").AddExportedProperty("last", new Reading("none", 0));
        });
        await using Application importer = await StartClientAsync(client =>
        {
            client.Services.AddSingleton<ISignalCodec<Reading>>(codec);
            client.AddRemoteSignal<Reading>("readings").AddRemoteProperty<Reading>("last");
        });
        SignalProbe<Reading> arrived = Probe.Of(importer.Get<ISignal<Reading>>("readings"));
        await importer.Get<RemoteSignal<Reading>>("readings").WaitUntilLiveAsync().Within("the subscription");
        exporter.Get<Signal<Reading>>("readings").Emit(new Reading("north", 1.5));
        Assert.That(await arrived.NextAsync("the value"), Is.EqualTo(new Reading("north", 1.5)));
        await importer.Get<RemoteProperty<Reading>>("last").WaitUntilLiveAsync().Within("the value");
        Assert.That(importer.Get<IReadOnlyProperty<Reading>>("last").Value.Sensor, Is.EqualTo("none"));
    }

    [Test]
    public async Task D8_client_exports_to_its_host()
    {
        await using Application importer = await StartHostAsync(
            host => host.AddRemoteSignal<int>("panel.clicks"),
            settings => settings.Host.AuthorizeExport = (_, name) => name == "panel.clicks"
        );
        await using Application exporter = await StartClientAsync(client => client.AddExportedSignal<int>("panel.clicks"));
        SignalProbe<int> clicks = Probe.Of(importer.Get<ISignal<int>>("panel.clicks"));
        await importer.Get<RemoteSignal<int>>("panel.clicks").WaitUntilLiveAsync().Within("the subscription");
        exporter.Get<Signal<int>>("panel.clicks").Emit(7);
        Assert.That(await clicks.NextAsync("the value"), Is.EqualTo(7));
    }

    [Test]
    public async Task D8_key_may_differ_from_the_name()
    {
        await using Application exporter = await StartHostAsync(host => host.AddExportedSignal<int>("level", key: "out"));
        await using Application importer = await StartClientAsync(client => client.AddRemoteSignal<int>("level", key: "in"));
        SignalProbe<int> arrived = Probe.Of(importer.Get<ISignal<int>>("in"));
        await importer.Get<RemoteSignal<int>>("in").WaitUntilLiveAsync().Within("the subscription");
        exporter.Get<Signal<int>>("out").Emit(1);
        Assert.That(await arrived.NextAsync("the value"), Is.EqualTo(1));
        Assert.That(exporter.Get<ExportedSignal>("out").Name, Is.EqualTo("level"));
    }

    [Test]
    public void D8_key_is_used_once_for_each_type()
    {
        IpcHostBuilder host = new ServiceCollection().AddIpcHost();
        host.AddExportedSignal<int>("level").AddRemoteSignal<int>("level").AddRemoteSignal<long>("level");
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => host.AddRemoteSignal<int>("level"))!;
        Assert.That(exception.Message, Does.Contain("\"level\""));
        Assert.Throws<InvalidOperationException>(() => host.AddExportedSignal<int>("level"));
        Assert.Throws<ArgumentNullException>(() => host.AddExportedSignal(null!));
        Assert.Throws<ArgumentNullException>(() => host.AddExportedSignal("a", (Func<IServiceProvider, ISignal>)null!));
        Assert.Throws<ArgumentNullException>(() => host.AddExportedProperty("a", (Func<IServiceProvider, IReadOnlyProperty<int>>)null!));
        Assert.Throws<ArgumentNullException>(() => host.AddRemoteSignal(null!));
    }

    [Test]
    public async Task D8_name_that_is_not_valid_fails_the_start()
    {
        await using var application = Application.Build(services =>
            services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddExportedSignal<int>("not a name")
        );
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(application.StartAsync);
        Assert.That(exception.ParamName, Is.EqualTo("name"));
    }

    private Task<Application> StartHostAsync(Action<IpcHostBuilder> compose, Action<IpcHostSettings>? configure = null) =>
        Application.StartAsync(services =>
        {
            IpcHostBuilder host = services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint));
            if (configure is not null)
            {
                services.AddIpcHost(configure);
            }

            compose(host);
        });

    private Task<Application> StartClientAsync(Action<IpcClientBuilder> compose) =>
        Application.StartAsync(services => compose(services.AddIpcClient(settings => settings.Endpoint = Endpoint)));
}
