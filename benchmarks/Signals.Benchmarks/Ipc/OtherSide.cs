using System.Globalization;
using Signals.Benchmarks.Ipc.Peers;

namespace Signals.Benchmarks.Ipc;

/// <summary>The other processes of a comparison: a host of one library, and a client whose start and size are measured.</summary>
internal static class OtherSide
{
    internal const string HostCommand = "ipc-other-host";
    internal const string ClientCommand = "ipc-other-client";

    private const int Window = 64;
    private static readonly TimeSpan WorkTime = TimeSpan.FromMilliseconds(300);

    /// <summary>Starts a process with a host, which prints a line when it accepts clients.</summary>
    internal static ChildProcess StartHost(Library library, string folder) => Start(HostCommand, library, folder);

    /// <summary>Starts a process with a client, which prints a line after its first call, and its size in bytes after many more.</summary>
    internal static ChildProcess StartClient(Library library, string folder) => Start(ClientCommand, library, folder);

    internal static async Task<int> RunHostAsync(string name, string folder)
    {
        var library = Library.Of(name);
        await using IAsyncDisposable host = await library.StartAsync(Path.Combine(folder, library.Name));
        Console.WriteLine("ready");
        Console.In.ReadToEnd();
        return 0;
    }

    internal static async Task<int> RunClientAsync(string name, string folder)
    {
        var library = Library.Of(name);
        await using EchoClient client = await library.ConnectAsync(Path.Combine(folder, library.Name));
        await client.CallOnceAsync(EchoText.Usual);
        Console.WriteLine("replied");
        Turns.Measure(turn => client.CallAsync(turn, Window, EchoText.Usual), WorkTime);
        Console.WriteLine(Environment.WorkingSet.ToString(CultureInfo.InvariantCulture));
        Console.In.ReadToEnd();
        return 0;
    }

    private static ChildProcess Start(string command, Library library, string folder) =>
        ChildProcess.Start(command, "--library", library.Name, "--folder", folder);
}
