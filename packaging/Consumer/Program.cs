using System.Reactive.Linq;
using Consumer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Signals;
using Signals.Ipc;
using Signals.Nats;
using Signals.Reactive;
using Signals.Remote;

// Uses each package as an application does. The exit code is 1 if a result is wrong.
CheckCore();
await CheckIpcAsync();
CheckReactive();
await CheckRemoteAsync();
await CheckHostingAsync();
await CheckNatsAsync();
return 0;

static void CheckCore()
{
    using var changed = new Signal<int>();
    using var evaluator = new ConnectionEvaluator();
    int direct = 0;
    int deferred = 0;
    ConnectionHandle connection = changed.Connect(value => direct += value);
    changed.ConnectDeferred(evaluator, value => deferred += value);
    changed.Emit(1);
    changed.Emit(2);
    connection.Disconnect();
    changed.Emit(4);
    Expect("Core: direct connection", 3, direct);
    Expect("Core: deferred connection before evaluation", 0, deferred);
    evaluator.EvaluateDeferredConnections();
    Expect("Core: deferred connection", 7, deferred);
    Expect("Core: tracker", Environment.GetCommandLineArgs().Contains("tracked"), SignalTracker.IsSupported);
}

static async Task CheckIpcAsync()
{
    IpcEndpoint endpoint = IpcEndpoint.Parse(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
    await using var host = new IpcHost();
    host.Expose(new EchoService());
    host.Start(endpoint);

    await using var client = new IpcClient(endpoint);
    using var echo = new EchoProxy();
    bool connected = false;
    echo.Connected.Connect(() => connected = true);
    await client.ConnectAsync();
    await client.BindAsync(echo);
    EchoMsg reply = await echo.RepeatAsync(new EchoMsg { Text = "hello" });
    Expect("Ipc: reply", "hello", reply.Text);
    Expect("Ipc: proxy.Connected", true, connected);

    var counted = new List<string>();
    await foreach (EchoMsg message in echo.CountAsync(new EchoMsg()))
    {
        counted.Add(message.Text);
    }

    Expect("Ipc: stream", "0 1 2", string.Join(' ', counted));
    await host.StopAsync(CancellationToken.None);
}

static async Task CheckRemoteAsync()
{
    IpcEndpoint endpoint = IpcEndpoint.Parse(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
    await using var host = new IpcHost();
    using var temperature = new Signal<double>();
    var target = new Property<EchoMsg>(new EchoMsg { Text = "initial" });
    host.Export("plant.temperature", temperature);
    host.Export("plant.target", target);
    host.Start(endpoint);

    await using var client = new IpcClient(endpoint);
    client.Connect();
    var arrived = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
    RemoteSignal<double> imported = client.Import<double>("plant.temperature");
    imported.Connect(value => arrived.TrySetResult(value));
    await imported.WaitUntilLiveAsync();
    temperature.Emit(21.5);
    Expect("Remote: value", 21.5, await arrived.Task);
    RemoteProperty<EchoMsg> property = client.ImportProperty<EchoMsg>("plant.target");
    await property.WaitUntilLiveAsync();
    Expect("Remote: property", "initial", property.Value.Text);
    await host.StopAsync(CancellationToken.None);
}

static async Task CheckHostingAsync()
{
    HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
    builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Ipc:Host:Endpoint", (string?)"memory:consumer")]);
    builder.Services.AddSingleton<Suffix>();
    builder.Services.AddIpcHost().AddService<SuffixService>().AddExportedProperty("consumer.level", 7);
    builder
        .Services.AddIpcClient("echo", settings => settings.ConnectTo("memory:consumer"))
        .AddProxy<IEcho, EchoProxy>()
        .AddRemoteProperty<int>("consumer.level");
    builder.Services.AddThreadEvaluator();
    builder.Services.AddHealthChecks().AddIpcHost().AddIpcClient("echo");
    using IHost application = builder.Build();
    await application.StartAsync();
    EchoMsg reply = await application
        .Services.GetRequiredService<IEcho>()
        .RepeatAsync(new EchoMsg { Text = "hello" }, new CallOptions { WaitForReady = true });
    Expect("Hosting: reply", "hello!", reply.Text);
    RemoteProperty<int> level = application.Services.GetRequiredKeyedService<RemoteProperty<int>>("consumer.level");
    await level.WaitUntilLiveAsync();
    Expect("Hosting: property", 7, level.Value);
    HealthReport health = await application.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
    Expect("Hosting: health", HealthStatus.Healthy, health.Status);
    await application.StopAsync();
}

// Needs no server: the import waits for one.
static async Task CheckNatsAsync()
{
    await using var exchange = new NatsExchange("nats://127.0.0.1:1");
    RemoteSignal<double> imported = exchange.Import<double>("plant.temperature");
    imported.Connect(static _ => { });
    Expect("Nats: state", RemoteState.Waiting, imported.State);
}

static void CheckReactive()
{
    using var celsius = new Signal<double>();
    using var fahrenheit = new Signal<double>();
    using var evaluator = new ConnectionEvaluator();
    var results = new List<double>();
    fahrenheit.Connect(results.Add);
    using IDisposable pipeline = celsius.AsObservable().Select(degrees => (degrees * 9 / 5) + 32).ObserveOn(evaluator).ConnectTo(fahrenheit);
    celsius.Emit(0);
    celsius.Emit(100);
    evaluator.EvaluateDeferredConnections();
    Expect("Reactive: pipeline", "32 212", string.Join(' ', results));
}

static void Expect<T>(string what, T expected, T actual)
{
    if (!EqualityComparer<T>.Default.Equals(expected, actual))
    {
        Console.Error.WriteLine($"{what}: expected {expected}, but was {actual}");
        Environment.Exit(1);
    }

    Console.WriteLine($"{what}: {actual}");
}

internal sealed class Suffix
{
    internal string Text => "!";
}

internal sealed class SuffixService(Suffix suffix) : EchoBase
{
    public override ValueTask<EchoMsg> Repeat(EchoMsg request, CallContext context) => new(new EchoMsg { Text = request.Text + suffix.Text });

    public override IAsyncEnumerable<EchoMsg> Count(EchoMsg request, CallContext context) => AsyncEnumerable.Empty<EchoMsg>();
}

internal sealed class EchoService : EchoBase
{
    public override ValueTask<EchoMsg> Repeat(EchoMsg request, CallContext context) => new(request);

    public override async IAsyncEnumerable<EchoMsg> Count(EchoMsg request, CallContext context)
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return new EchoMsg { Text = $"{i}" };
        }
    }
}
