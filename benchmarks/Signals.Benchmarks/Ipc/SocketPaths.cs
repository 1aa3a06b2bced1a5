using Signals.Ipc;

namespace Signals.Benchmarks.Ipc;

/// <summary>The sockets of a comparison, in one folder.</summary>
internal sealed class SocketPaths(string folder)
{
    internal IpcEndpoint Host { get; } = IpcEndpoint.Parse(Path.Combine(folder, "host"));

    /// <summary>Gets the path of a host that is started and stopped again.</summary>
    internal string Started { get; } = Path.Combine(folder, "started");

    internal string Awaited { get; } = Path.Combine(folder, "awaited");

    internal string Blocking { get; } = Path.Combine(folder, "blocking");
}
