using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Signals.Ipc.Connections;

/// <summary>The options of a client or host that its connections use.</summary>
internal sealed record IpcConnectionSettings
{
    /// <summary>The default maximum size of a frame in bytes, including its 4 length bytes.</summary>
    internal const int DefaultMaxFrameSize = 128 * 1024;

    internal int MaxFrameSize { get; init; } = DefaultMaxFrameSize;

    /// <summary>Gets the number of unsent bytes at which frames have to wait for room.</summary>
    internal long MaxUnsentBytes { get; init; } = 1024 * 1024;

    /// <summary>Gets the time after which a peer that accepts no data is disconnected.</summary>
    internal TimeSpan WriteTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Gets the interval at which a silent peer is pinged, or null for the default of the transport.</summary>
    internal TimeSpan? KeepAlive { get; init; }

    /// <summary>Gets a value that indicates whether another attempt follows one that failed, so that no advice to retry is needed.</summary>
    internal bool WillRetry { get; init; }

    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal ILogger Logger { get; init; } = NullLogger.Instance;
}
