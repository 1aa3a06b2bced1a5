using System.Runtime.InteropServices;
using System.Text;
using Spectre.Console;

namespace RxDashboard;

internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Misuse = 2;

    private static int Main(string[] arguments)
    {
        if (!CommandLine.TryParse(arguments, out CommandLine? commandLine, out string problem))
        {
            Console.Error.WriteLine(problem);
            Console.Error.WriteLine(CommandLine.Usage);
            return Misuse;
        }

        if (commandLine.Help)
        {
            Console.WriteLine(CommandLine.Usage);
            return Success;
        }

        // Ctrl+C, and the signal of a service manager, end the session and not the process, so that the program can print its totals. A shell that
        // starts the program in the background makes it ignore Ctrl+C. The runtime does not change that, and SIGTERM ends the session.
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider.System);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            IMachineReader reader = new ProcReader() is { IsAvailable: true } proc ? proc : new RuntimeReader(TimeProvider.System);
            using var session = new DashboardSession(reader, ChooseView(reader.Source), TimeProvider.System);
            session.Run(commandLine.Duration, stop.Token);
            return Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            Console.Error.WriteLine($"Failed: {exception.Message}");
            return Failure;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static IDashboardView ChooseView(string source)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return new LineView(Console.Out, source);
        }

        // The charts need characters that the code page of an old console does not contain.
        Console.OutputEncoding = Encoding.UTF8;
        return new LiveView(AnsiConsole.Console, source);
    }
}
