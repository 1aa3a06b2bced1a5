using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Signals;

namespace Daemon;

/// <summary>Runs commands, a limited number at a time (<c>Jobs:Parallel</c>), and emits the lines that they print.</summary>
internal sealed partial class JobRunner(
    IConfiguration configuration,
    ConnectionEvaluator evaluator,
    ILogger<JobRunner> logger,
    [FromKeyedServices(JobRunner.Output)] Signal<OutputLine> output,
    [FromKeyedServices(JobRunner.Running)] Property<int> running
) : IDisposable
{
    /// <summary>The names of the remote signals, which are their keys in the containers of the daemon and its clients.</summary>
    internal const string Output = "jobs.output";
    internal const string Running = "jobs.running";

    private readonly SemaphoreSlim _places = new(configuration.GetValue("Jobs:Parallel", 1));

    internal async Task<int> RunAsync(Command command, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        evaluator.Post(() => running.Value++);
        try
        {
            int exitCode = await RunProcessAsync(command, cancellationToken);
            LogEnded(logger, command.Text, exitCode);
            return exitCode;
        }
        finally
        {
            output.Emit(new OutputLine { Id = command.Id });
            evaluator.Post(() => running.Value--);
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<int> RunProcessAsync(Command command, CancellationToken cancellationToken)
    {
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command.Text]) { RedirectStandardOutput = true })!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                output.Emit(new OutputLine { Id = command.Id, Text = line });
            }

            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [LoggerMessage(LogLevel.Information, "{Command} ended with exit code {ExitCode}")]
    private static partial void LogEnded(ILogger logger, string command, int exitCode);
}
