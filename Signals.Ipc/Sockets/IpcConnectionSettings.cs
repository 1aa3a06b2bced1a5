using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signals.Ipc.Sockets;

/// <summary>What a connection has to know of its client's or host's options.</summary>
internal sealed record IpcConnectionSettings
{
    /// <summary>The size of the largest frame, the 4 bytes of its length included, that is read or sent.</summary>
    internal const int DefaultMaxFrameSize = 128 * 1024;

    internal int MaxFrameSize { get; init; } = DefaultMaxFrameSize;

    /// <summary>From how many unsent bytes on frames have to wait for room.</summary>
    internal long MaxUnsentBytes { get; init; } = 1024 * 1024;

    /// <summary>How long the peer may take nothing while something is being sent to it.</summary>
    internal TimeSpan WriteTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal ILogger Logger { get; init; } = NullLogger.Instance;
}
