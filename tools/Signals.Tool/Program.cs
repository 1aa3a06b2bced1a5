using System.Runtime.InteropServices;
using Signals.Tool.Output;

namespace Signals.Tool;

/// <summary>The process of the tool.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider.System);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using ToolConsole console = ToolConsole.OfProcess();
        return await ToolProgram.RunAsync(arguments, console, stop.Token).ConfigureAwait(false);

        // The first one ends the work, so that the host is told; a further one ends the process.
        void Stop(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
