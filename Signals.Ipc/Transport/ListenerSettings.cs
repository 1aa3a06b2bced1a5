using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signals.Ipc.Transport;

/// <summary>The options of a host that its listeners use.</summary>
internal sealed record ListenerSettings
{
    /// <summary>Gets the mode of the socket file, if the endpoint has one.</summary>
    internal UnixFileMode SocketFileMode { get; init; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal ILogger Logger { get; init; } = NullLogger.Instance;
}
