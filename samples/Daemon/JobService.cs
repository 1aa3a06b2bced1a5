using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Signals.Ipc;

namespace Daemon;

/// <summary>The service of the daemon, which the container creates.</summary>
internal sealed class JobService(JobRunner runner, HealthCheckService health) : JobsBase
{
    public override async ValueTask<Result> Run(Command request, CallContext context) =>
        new() { ExitCode = await runner.RunAsync(request, context.CancellationToken) };

    public override async ValueTask<Health> Check(Empty request, CallContext context)
    {
        HealthReport report = await health.CheckHealthAsync(context.CancellationToken);
        return new Health { Status = $"{report.Status}", Description = string.Join(' ', report.Entries.Values.Select(entry => entry.Description)) };
    }
}
