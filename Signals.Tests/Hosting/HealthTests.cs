using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rule D6: health checks.</summary>
public sealed class HealthTests : HostedFixture
{
    [Test]
    public async Task D6_host_is_healthy_while_it_listens()
    {
        Application application = Application.Build(services =>
        {
            AddGreeter(services);
            services.AddHealthChecks().AddIpcHost();
        });
        Assert.That((await application.CheckAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
        await application.StartAsync();
        HealthReportEntry entry = await application.CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(entry.Data["endpoints"], Is.EqualTo(Endpoint.ToString()));
        Assert.That(entry.Data["clients"], Is.Zero);
        await application.StopAsync();
        entry = await application.CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Description, Does.Contain("stop"));
        await application.DisposeAsync();
    }

    [Test]
    [Platform("Linux")]
    public async Task D6_host_whose_socket_file_was_removed_is_unhealthy()
    {
        using var path = new SocketPath();
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddIpcHost(settings => settings.Listen(path.Text));
            services.AddHealthChecks().AddIpcHost(failureStatus: HealthStatus.Degraded);
        });
        Assert.That((await application.CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        File.Delete(path.Text);
        HealthReportEntry entry = await application.CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That(entry.Description, Does.Contain(path.Text));
    }

    [Test]
    public async Task D6_client_is_degraded_without_a_connection_and_unhealthy_after_the_tolerated_time()
    {
        var time = new FakeTime();
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddIpcClient("backend", settings => settings.Endpoint = Endpoint);
            services.AddHealthChecks().AddIpcClient("backend", tolerance: TimeSpan.FromMinutes(1));
        });
        HealthReportEntry entry = await application.CheckAsync();
        Assert.That((entry.Status, entry.Data["disconnectedFor"]), Is.EqualTo((HealthStatus.Degraded, (object)TimeSpan.Zero)));
        time.Advance(TimeSpan.FromMinutes(1));
        entry = await application.CheckAsync();
        Assert.That((entry.Status, entry.Data["disconnectedFor"]), Is.EqualTo((HealthStatus.Unhealthy, (object)TimeSpan.FromMinutes(1))));
        Assert.That(entry.Description, Does.Contain("60.0 s"));
    }

    [Test]
    public async Task D6_client_is_healthy_with_a_connection_and_the_time_begins_at_its_loss()
    {
        var time = new FakeTime();
        var host = new IpcHost();
        host.Start(Endpoint);
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddIpcClient(settings => settings.Endpoint = Endpoint);
            services.AddHealthChecks().AddIpcClient();
        });
        SignalProbe<DisconnectReason> disconnected = Probe.Of(application.Client.Disconnected);
        await application.Client.ConnectAsync().Within("connecting");
        time.Advance(TimeSpan.FromHours(1));
        Assert.That((await application.CheckAsync()).Status, Is.EqualTo(HealthStatus.Healthy));
        await host.DisposeAsync();
        await disconnected.NextAsync("the loss");
        HealthReportEntry entry = await application.CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Degraded));
        Assert.That((TimeSpan)entry.Data["disconnectedFor"], Is.LessThan(TimeSpan.FromSeconds(10)));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.That((await application.CheckAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy));
    }

    [Test]
    public async Task D6_check_of_a_client_that_does_not_exist_names_it()
    {
        await using var application = Application.Build(services => services.AddHealthChecks().AddIpcClient("nowhere"));
        HealthReportEntry entry = await application.CheckAsync();
        Assert.That(entry.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(entry.Exception!.Message, Does.Contain("nowhere"));
    }

    [Test]
    public void D6_arguments_are_checked()
    {
        IHealthChecksBuilder builder = new ServiceCollection().AddHealthChecks();
        Assert.Throws<ArgumentNullException>(() => ((IHealthChecksBuilder)null!).AddIpcHost());
        Assert.Throws<ArgumentNullException>(() => ((IHealthChecksBuilder)null!).AddIpcClient());
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.AddIpcClient(tolerance: TimeSpan.FromSeconds(-1)));
    }
}
