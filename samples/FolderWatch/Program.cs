using System.Runtime.InteropServices;
using Signals;

namespace FolderWatch;

internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;

    /// <summary>Duration for which the largest file is reported when a folder is watched without a time limit.</summary>
    private static readonly TimeSpan LargestFor = TimeSpan.FromSeconds(10);

    private static int Main(string[] arguments)
    {
        // Ctrl+C, and the signal of a service manager, end the session and not the process, so that it can report its totals.
        using var stop = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider.System);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            switch (arguments)
            {
                case []:
                    Demonstrate(stop);
                    return Success;
                case [var path] when Directory.Exists(path):
                    Watch(Path.GetFullPath(path), stop.Token);
                    return Success;
                case [var path]:
                    Console.Error.WriteLine($"There is no folder {path}.");
                    return Failure;
                default:
                    Console.Error.WriteLine("Usage: FolderWatch [PATH]. Without PATH, it demonstrates a temporary folder.");
                    return Failure;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"Watching failed: {exception.Message}");
            return Failure;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static void Watch(string path, CancellationToken stop)
    {
        using var session = new WatchSession(path, LargestFor, TimeProvider.System, Console.Out);
        session.Run(stop);
    }

    private static void Demonstrate(CancellationTokenSource stop)
    {
        using var folder = new DemoFolder(TimeProvider.System);
        using var session = new WatchSession(folder.Path, DemoFolder.Duration / 2, TimeProvider.System, Console.Out);

        // The session has reported all changes when it has reported the last file.
        session.Reported.Connect(change =>
        {
            if (change.Name == DemoFolder.LastFile)
            {
                stop.Cancel();
            }
        });

        // If the file system does not report the file, the demonstration ends nevertheless.
        stop.CancelAfter(DemoFolder.Duration * 5);

        Task writing = WriteAsync(folder, stop);
        session.Run(stop.Token);
        writing.GetAwaiter().GetResult();
    }

    private static async Task WriteAsync(DemoFolder folder, CancellationTokenSource stop)
    {
        try
        {
            await folder.WriteFilesAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl+C came before the last file.
        }
        catch
        {
            // There are no further changes; the exception is thrown when the session has ended.
            stop.Cancel();
            throw;
        }
    }
}
