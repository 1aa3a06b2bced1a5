using Signals.Systematic.Support;

namespace Signals.Ipc.Sockets;

/// <summary>Stand-in for the watch of the system's sockets, which does not detect connections in memory.</summary>
internal static class HangupWatch
{
    /// <summary>Gets true, so that hosts set no timer in its place.</summary>
    internal static bool IsSupported => true;

    /// <summary>Watches nothing, as on a system without support.</summary>
    internal static IDisposable? Watch(MemorySocket socket, Action<bool> onHangup)
    {
        _ = socket;
        _ = onHangup;
        return null;
    }
}
