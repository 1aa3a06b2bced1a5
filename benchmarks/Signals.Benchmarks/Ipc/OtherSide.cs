using System.Net.Sockets;
using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The other process of a comparison: an echoing host, and echoing raw sockets.</summary>
internal static class OtherSide
{
    internal const string Command = "ipc-other-side";

    internal static async Task<int> RunAsync(string folder)
    {
        var paths = new SocketPaths(folder);
        await using var host = new IpcHost();
        host.Expose(new EchoService());
        host.Start(paths.Host);
        using Socket awaited = RawSockets.Listen(paths.Awaited);
        using Socket blocking = RawSockets.Listen(paths.Blocking);
        Task awaitedEcho = RawSockets.EchoAwaitedAsync(awaited);
        Task blockingEcho = Task.Factory.StartNew(() => RawSockets.EchoBlocking(blocking), TaskCreationOptions.LongRunning);
        Console.WriteLine("ready");

        await Console.In.ReadToEndAsync();
        await Task.WhenAll(awaitedEcho, blockingEcho);
        return 0;
    }
}
