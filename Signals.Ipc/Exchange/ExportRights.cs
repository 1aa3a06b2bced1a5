using Signals.Ipc.Transport.Sockets;

namespace Signals.Ipc.Exchange;

/// <summary>The default right of a client to export signals to its host.</summary>
internal static class ExportRights
{
    /// <summary>Gets the user of this process, or null where the system does not tell.</summary>
    internal static uint? OwnUserId => OperatingSystem.IsWindows() ? null : SystemCalls.EffectiveUserId();
}
