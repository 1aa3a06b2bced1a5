using Signals.Ipc;

namespace Signals.Tests.RemotePeer;

/// <summary>
/// Runs one side of remote signals until the input ends. Each line of the input is a command, and each command has one line of output. The first line of
/// output tells that the process is ready.
/// </summary>
internal static class Program
{
    private const int Succeeded = 0;
    private const int BadArguments = 2;

    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["export", string socket]:
                await using (var exporter = new HostExporter(IpcEndpoint.Parse(socket)))
                {
                    await RunAsync(exporter.RunAsync);
                }

                return Succeeded;
            case ["serve", string socket]:
                await using (var exporter = new ClientExporter(IpcEndpoint.Parse(socket)))
                {
                    await RunAsync(exporter.RunAsync);
                }

                return Succeeded;
            case ["import", string socket, string overflow]:
                await using (var importer = new Importer(IpcEndpoint.Parse(socket), overflow))
                {
                    await RunAsync(importer.RunAsync);
                }

                return Succeeded;
            default:
                await Console.Error.WriteLineAsync("export SOCKET, serve SOCKET or import SOCKET OVERFLOW");
                return BadArguments;
        }
    }

    private static async Task RunAsync(Func<string, long, Task<string>> run)
    {
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            string[] words = line.Split(' ');
            await Console.Out.WriteLineAsync(await run(words[0], words.Length > 1 ? long.Parse(words[1], null) : 0));
        }
    }
}
