using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The sockets of a comparison, in one folder.</summary>
internal sealed class SocketPaths(string folder)
{
    internal IpcEndpoint Host { get; } = IpcEndpoint.Parse(Path.Combine(folder, "host"));

    internal string Awaited { get; } = Path.Combine(folder, "awaited");

    internal string Blocking { get; } = Path.Combine(folder, "blocking");
}
