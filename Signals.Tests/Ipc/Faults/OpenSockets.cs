using Signals.Tests.Ipc.Support;

namespace Signals.Tests.Ipc.Faults;

/// <summary>The number of sockets (and pipes, watches, …) and threads of this process, so that a test can show that none are left.</summary>
internal sealed class OpenSockets
{
    private const string Threads = "/proc/self/task";

    private readonly int _sockets = CountSockets();
    private readonly int _threads = CountOwnThreads();

    /// <summary>Waits until there are no more sockets and threads than at first, since closed ones end a little later.</summary>
    internal async Task AssertNoneLeftAsync()
    {
        await Bounded.UntilAsync(() => CountSockets() <= _sockets, $"the end of the last socket (at first there were {_sockets})");
        await Bounded.UntilAsync(() => CountOwnThreads() <= _threads, $"the end of the last thread (at first there were {_threads})");
    }

    /// <summary>All descriptors except those of files, which the runtime opens and closes as needed. Others have no path: "socket:[4711]".</summary>
    private static int CountSockets() =>
        Descriptors.LinksOf(Environment.ProcessId).Count(path => new FileInfo(path).LinkTarget is { } target && !target.StartsWith('/'));

    /// <summary>The runtime starts and ends threads of the pool as needed.</summary>
    private static int CountOwnThreads() => Directory.GetDirectories(Threads).Count(path => !ReadName(path).Contains("TP", StringComparison.Ordinal));

    private static string ReadName(string thread)
    {
        try
        {
            return File.ReadAllText(Path.Combine(thread, "comm"));
        }
        catch (IOException)
        {
            // It ended between the listing and the reading: so it does not count.
            return "TP";
        }
    }
}
