using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Tests.Hosting.Support;

namespace Signals.Tests.Hosting;

/// <summary>The rules D3, D4 and D7: what starts and stops when, and which loggers and clocks are used.</summary>
public sealed class LifetimeTests : HostedFixture
{
    [Test]
    public async Task D3_host_listens_after_all_services_of_the_application_have_started()
    {
        var could = new Dictionary<string, bool>();
        await using (
            Application application = await Application.StartAsync(services =>
            {
                AddGreeter(services);
                services.AddHostedService(_ => new Recorder(async moment => could[moment] = await Recorder.CanConnectAsync(Endpoint)));
            })
        )
        {
            Assert.That(await Recorder.CanConnectAsync(Endpoint), Is.True);
        }

        Assert.That(could, Is.EqualTo(new Dictionary<string, bool> { ["start"] = false, ["stop"] = false }));
    }

    [Test]
    public async Task D3_endpoint_that_is_in_use_fails_the_start()
    {
        await using var other = new IpcHost();
        other.Start(Endpoint);
        await using var application = Application.Build(services => AddGreeter(services));
        IpcException exception = await Assert.ThrowsAsync<IpcException>(application.StartAsync);
        Assert.That(exception.Message, Does.Contain(Endpoint.ToString()));
    }

    [Test]
    public async Task D10_host_without_passed_sockets_listens_on_its_endpoints_or_fails_the_start()
    {
        await using Application application = await Application.StartAsync(services => AddGreeter(services), ("Ipc:Host:SocketActivation", "*"));
        Assert.That(await Recorder.CanConnectAsync(Endpoint), Is.True);
        await using var other = Application.Build(services => services.AddIpcHost(), ("Ipc:Host:SocketActivation", "greeter"));
        IpcException exception = await Assert.ThrowsAsync<IpcException>(other.StartAsync);
        Assert.That(exception.Message, Does.Contain("\"greeter\"").And.Contain("Ipc:Host:Endpoint"));
    }

    [Test]
    public async Task D3_absent_host_does_not_delay_the_start()
    {
        await using Application application = await Application.StartAsync(services => AddClient(services));
        Assert.That(application.Client.IsConnected, Is.False);
    }

    [Test]
    public async Task D3_client_connects_without_a_call()
    {
        await using var host = new IpcHost();
        SignalProbe<ClientInfo> connected = Probe.Of(host.ClientConnected);
        host.Start(Endpoint);
        await using Application application = await Application.StartAsync(services => AddClient(services));
        await connected.NextAsync("the client");
    }

    [Test]
    public async Task D4_call_under_way_ends_within_the_grace_period_before_services_stop()
    {
        var order = new List<string>();
        var began = new TaskCompletionSource();
        var greeter = new ScriptedGreeter
        {
            OnHello = async (_, context) =>
            {
                began.SetResult();
                var stopping = new TaskCompletionSource();
                await using CancellationTokenRegistration registration = context.HostStopping.Register(stopping.SetResult);
                await stopping.Task;
                order.Add("replied");
                return ScriptedGreeter.Reply("Late");
            },
        };
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton(greeter);
            services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddService<ScriptedGreeter>();
            services.AddHostedService(_ => new Recorder(moment =>
            {
                order.Add(moment);
                return Task.CompletedTask;
            }));
        });
        // Not a client of the application, which ends with it.
        await using var client = new IpcClient(Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        await began.Task.Within("the call");
        await application.StopAsync();
        Assert.That((await call.Within("the reply")).Message, Is.EqualTo("Late"));
        Assert.That(order, Is.EqualTo(["start", "replied", "stop"]));
    }

    [Test]
    public async Task D4_call_that_does_not_end_is_given_up_after_the_grace_period()
    {
        var time = new FakeTime();
        var began = new TaskCompletionSource();
        var greeter = new ScriptedGreeter
        {
            OnHello = async (_, context) =>
            {
                began.SetResult();
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return ScriptedGreeter.Reply("Never");
            },
        };
        await using Application application = await Application.StartAsync(
            services =>
            {
                services.AddSingleton<TimeProvider>(time);
                services.AddSingleton(greeter);
                services.AddIpcHost(settings => settings.Endpoints.Add(Endpoint)).AddService<ScriptedGreeter>();
            },
            ("Ipc:Host:GracePeriod", "01:00:00")
        );
        await using var client = new IpcClient(Endpoint);
        using var proxy = new GreeterProxy();
        await client.ConnectAsync().Within("connecting");
        await client.BindAsync(proxy).Within("binding");
        Task<GreeterReplyMsg> call = proxy.SayHelloAsync("Ada");
        await began.Task.Within("the call");
        Task stop = application.StopAsync();
        await Bounded.UntilAsync(() => time.Due.Contains(TimeSpan.FromHours(1)), "the grace period");
        Assert.That(stop.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromHours(1));
        await stop;
        await Assert.ThrowsAsync<IpcDisconnectedException>(() => call.Within("the failure"));
    }

    [Test]
    public async Task D4_client_can_be_used_until_the_services_of_the_application_have_stopped()
    {
        await using var host = new IpcHost();
        host.Expose(new ScriptedGreeter());
        host.Start(Endpoint);
        string? reply = null;
        Application application = await Application.StartAsync(services =>
        {
            services.AddHostedService(provider => new Recorder(async moment =>
                reply = (await provider.GetRequiredService<IGreeter>().SayHelloAsync(moment).Within("the reply")).Message
            ));
            AddClient(services);
        });
        IpcClient client = application.Client;
        await application.DisposeAsync();
        Assert.That(reply, Is.EqualTo("Hello stop"));
        Assert.That(client.IsConnected, Is.False);
        Assert.Throws<ObjectDisposedException>(client.Connect);
    }

    [Test]
    public async Task D4_application_that_is_not_started_can_be_disposed()
    {
        await using var application = Application.Build(services =>
        {
            AddGreeter(services);
            AddClient(services);
        });
    }

    [Test]
    public async Task D7_logs_have_the_category_of_their_type_and_the_name()
    {
        Application application = await Application.StartAsync(services =>
        {
            services.AddIpcHost("plant", settings => settings.Endpoints.Add(Endpoint));
            services.AddIpcClient("panel", settings => settings.Endpoint = Endpoint);
        });
        string connected = $"The client is connected to {Endpoint}";

        // The client may have tried before the host listened, which is in the log too.
        await Bounded.UntilAsync(() => application.Log.TextsOf("Signals.Ipc.IpcClient.panel").Contains(connected), "the log of the connection");
        await application.DisposeAsync();
        Assert.That(
            application.Log.TextsOf("Signals.Ipc.IpcHost.plant"),
            Has.Some.EqualTo($"The host listens on {Endpoint}").And.Some.Contains("stopped")
        );
    }

    [Test]
    public async Task D7_outage_of_a_client_is_logged_once()
    {
        var time = new FakeTime();
        await using Application application = await Application.StartAsync(services =>
        {
            services.AddSingleton<TimeProvider>(time);
            AddClient(services);
        });
        using var failed = new Received<DisconnectReason>();
        application.Client.ConnectFailed.Connect(failed.Add);
        for (int i = 0; i < 3; i++)
        {
            application.Client.Connect();
            await Bounded.UntilAsync(() => time.Due.Length > 0 || failed.Count > i, "the attempt");
            time.Advance(TimeSpan.FromSeconds(30));
        }

        failed.Next();
        failed.Next();
        string[] outages = [.. application.Log.TextsOf("Signals.Ipc.IpcClient").Where(text => text.Contains("not connected", StringComparison.Ordinal))];
        Assert.That(outages, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task D7_logger_and_clock_of_the_settings_are_kept()
    {
        var log = new ListLogger();
        await using var application = Application.Build(services =>
        {
            services.AddSingleton<TimeProvider>(new FakeTime());
            services.AddIpcHost(settings =>
            {
                settings.Endpoints.Add(Endpoint);
                settings.Host.Logger = log;
            });
        });
        await application.StartAsync();
        Assert.That(log.Entries.Select(entry => entry.Text), Has.Some.Contains("listens"));
    }
}
