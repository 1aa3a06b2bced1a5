using System.Runtime.InteropServices;
using Signals.Ipc;

namespace Greeter;

internal static class Program
{
    private const int Success = 0;
    private const int NoHost = 1;
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
        catch (IpcDisconnectedException exception) when (exception.Reason.Cause == DisconnectCause.ConnectFailed)
        {
            await Console.Error.WriteLineAsync(exception.Reason.Message);
            return NoHost;
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
            CommandLine.Host => GreeterHost.RunAsync(IpcEndpoint.Parse(commandLine.Socket), commandLine.StopsWithInput, narrator, stop),
            CommandLine.Client => GreeterClient.RunAsync(IpcEndpoint.Parse(commandLine.Socket), commandLine.Name, commandLine.Retry, narrator, stop),
            _ => Story.RunAsync(narrator, stop),
        };
    }
}
