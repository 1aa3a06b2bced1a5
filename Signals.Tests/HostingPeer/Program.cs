using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Signals.Tests.HostingPeer;

// An application as a user writes it. Its arguments are settings of the configuration: --Ipc:Host:Endpoint=PATH.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSystemd();
builder.Services.AddIpcHost().AddService<WaitingGreeter>();
builder.Services.AddOpenTelemetry().WithTracing(static tracing => tracing.AddSource("Signals.Ipc"));
await builder.Build().RunAsync();
