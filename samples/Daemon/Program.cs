using Daemon;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

// Runs commands for other programs of the same user:
//   Daemon [--Ipc:Host:Endpoint=PATH]              the daemon, until SIGTERM or Ctrl+C; OTEL_EXPORTER_OTLP_ENDPOINT receives its metrics
//   Daemon run COMMAND [--Ipc:Client:Endpoint=…]   runs a command, prints its output and ends with its exit code
//   Daemon watch | health                          shows how many jobs are running, or the health of the daemon
string socket = Path.Combine(Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") ?? Path.GetTempPath(), "signals-jobs.sock");
bool isClient = args is ["run", _, ..] or ["watch" or "health", ..];
var builder = Host.CreateApplicationBuilder(
    new HostApplicationBuilderSettings { Args = isClient ? args[(args[0] == "run" ? 2 : 1)..] : args, ContentRootPath = AppContext.BaseDirectory }
);
if (isClient)
{
    builder.Logging.SetMinimumLevel(LogLevel.Warning);
    builder
        .Services.AddIpcClient(settings => settings.ConnectTo(socket))
        .AddProxy<IJobs, JobsProxy>()
        .AddRemoteSignal<OutputLine>(JobRunner.Output)
        .AddRemoteProperty<int>(JobRunner.Running);
    builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<JobClient>(services, [args]));
}
else
{
    builder.Services.AddSystemd();
    builder.Services.AddThreadEvaluator("jobs");
    builder.Services.AddSingleton<JobRunner>();
    builder
        .Services.AddIpcHost(settings => settings.Listen(socket))
        .UseEvaluator("jobs")
        .AddService<JobService>()
        .AddExportedSignal<OutputLine>(JobRunner.Output)
        .AddExportedProperty(JobRunner.Running, 0);
    builder.Services.AddHealthChecks().AddIpcHost();
    if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
    {
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry();
        telemetry.WithMetrics(metrics => metrics.AddMeter("Signals.*")).WithTracing(traces => traces.AddSource("Signals.Ipc")).UseOtlpExporter();
    }
}

await builder.Build().RunAsync();
