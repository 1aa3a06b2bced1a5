using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Hosting;
using Signals;
using Signals.Ipc;
using Signals.Remote;

namespace Daemon;

/// <summary>A client of the daemon, which executes its command line and ends the program.</summary>
internal sealed class JobClient(
    string[] commandLine,
    IJobs jobs,
    IHostApplicationLifetime application,
    [FromKeyedServices(JobRunner.Output)] RemoteSignal<OutputLine> output,
    [FromKeyedServices(JobRunner.Running)] RemoteProperty<int> running
) : BackgroundService
{
    private static readonly CallOptions WhenReady = new() { WaitForReady = true };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            Environment.ExitCode = commandLine switch
            {
                ["run", string text, ..] => await RunAsync(text, stoppingToken),
                ["health", ..] => await CheckAsync(stoppingToken),
                _ => await WatchAsync(stoppingToken),
            };
        }
        finally
        {
            application.StopApplication();
        }
    }

    private async Task<int> RunAsync(string text, CancellationToken cancellationToken)
    {
        var command = new Command { Id = $"{Guid.NewGuid()}", Text = text };
        var printed = new TaskCompletionSource();
        output.Missed.Connect(missed => Console.WriteLine($"[missed {missed.Count} lines]"));
        output.Connect(line =>
        {
            if (line.Id == command.Id)
            {
                Console.Write(line.HasText ? $"{line.Text}{Environment.NewLine}" : "");
                _ = line.HasText || printed.TrySetResult();
            }
        });
        output.StateChanged.Connect(state => _ = state == RemoteState.Stale && printed.TrySetResult());
        await output.WaitUntilLiveAsync(cancellationToken);
        Result result = await jobs.RunAsync(command, WhenReady, cancellationToken);

        // The result may arrive before the last lines.
        await printed.Task.WaitAsync(cancellationToken);
        return result.ExitCode;
    }

    private async Task<int> CheckAsync(CancellationToken cancellationToken)
    {
        Health health = await jobs.CheckAsync(new Empty(), WhenReady, cancellationToken);
        Console.WriteLine($"{health.Status}: {health.Description}");
        return health.Status == "Healthy" ? 0 : 1;
    }

    private async Task<int> WatchAsync(CancellationToken cancellationToken)
    {
        running.Connect(count => Console.WriteLine($"{count} jobs are running"));
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return 0;
    }
}
