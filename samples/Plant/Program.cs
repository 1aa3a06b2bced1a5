using System.Runtime.InteropServices;

namespace Plant;

internal static class Program
{
    private const int Success = 0;
    private const int Misuse = 2;
    private const int Failure = 3;
    private const int Interrupted = 130;

    private static async Task<int> Main(string[] arguments)
    {
        if (!CommandLine.TryParse(arguments, out CommandLine? commandLine, out string problem))
        {
            await Console.Error.WriteLineAsync(problem);
            await Console.Error.WriteLineAsync(CommandLine.Usage);
            return Misuse;
        }

        // Ctrl+C, and the signal of a service manager, end the work and not the process, so that it can clean up.
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider.System);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            await RunAsync(commandLine, stop.Token);
            return Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"Failed: {exception.Message}");
            return Failure;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static Task RunAsync(CommandLine commandLine, CancellationToken stop)
    {
        Narrator narrator = Narrator.OnConsole();
        return commandLine.Command switch
        {
            CommandLine.Hub => Processes.RunHubAsync(commandLine, narrator, stop),
            CommandLine.Sensors => Processes.RunSensorsAsync(commandLine, narrator, stop),
            CommandLine.Panel when commandLine.IsLocal => Processes.RunLocallyAsync(commandLine, narrator, stop),
            CommandLine.Panel => Processes.RunPanelAsync(commandLine, narrator, stop),
            CommandLine.Logger => Processes.RunLoggerAsync(commandLine, narrator, stop),
            _ => Story.PlantStory.RunAsync(narrator, stop),
        };
    }
}
