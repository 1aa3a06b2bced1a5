using Signals.Ipc.Guards;
using Signals.Ipc.Interceptors;

namespace Signals.Ipc;

/// <summary>Provides options for a single call. An instance may be used for several calls; it is read when a call begins.</summary>
public sealed class CallOptions
{
    private TimeSpan? _timeout;

    /// <summary>
    /// Gets or sets the time after which the call fails with a <see cref="TimeoutException"/>: for a stream, the time of the whole stream. Overrides
    /// <see cref="IpcClientOptions.CallTimeout"/>; if null, the default, that value applies, except to streams. The host receives the time that is left
    /// (<see cref="CallContext.Deadline"/>), and the call is canceled there.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan? Timeout
    {
        get => _timeout;
        set => _timeout = value is { } time ? Duration.Check(time, nameof(Timeout)) : null;
    }

    /// <summary>
    /// Gets or sets the headers that are sent with the call, to hosts of this library only. Names consist of the characters a-z, 0-9, '.', '_' and '-',
    /// and are compared without regard to case; values have no control characters; all together take at most 8 KiB. The call fails with an
    /// <see cref="ArgumentException"/> if a header is not valid. The service reads them from <see cref="CallContext.Headers"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Headers { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the call waits until its proxy is connected, instead of failing. The <see cref="Timeout"/> includes
    /// the wait. <see langword="false"/> by default.
    /// </summary>
    public bool WaitForReady { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether a stream is called again after its connection was lost and made again, which requires
    /// <see cref="IpcClientOptions.Reconnect"/>. Replies may be repeated or lost in between. <see langword="false"/> by default.
    /// </summary>
    public bool Resume { get; set; }

    /// <summary>Gets or sets the trace context of the call on whose behalf this one is made, or null.</summary>
    internal TraceContext? Trace { get; set; }
}
