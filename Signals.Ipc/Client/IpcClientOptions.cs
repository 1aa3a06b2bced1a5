using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals.Ipc.Guards;
using Signals.Ipc.Sockets;

namespace Signals.Ipc;

/// <summary>How a client behaves where there is a choice. Its constructor copies them.</summary>
public sealed class IpcClientOptions
{
    private const int SmallestFrameLimit = 64;

    private TimeSpan _callTimeout = Timeout.InfiniteTimeSpan;
    private TimeSpan _connectTimeout = TimeSpan.FromMinutes(1);
    private int _maxFrameSize = IpcConnectionSettings.DefaultMaxFrameSize;
    private long _maxUnsentBytes = 1024 * 1024;
    private long _maxBufferedStreamBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Whether an attempt to connect that fails is followed by others: after 1 s, 2 s, … 10 s, then every 30 s, and at once when the socket
    /// file, or the folder that it is to be in, appears.
    /// </summary>
    public bool Retry { get; set; }

    /// <summary>
    /// Indicates whether the client connects again after it has lost the connection, and binds the same proxies again: at once after a connection on
    /// which a call succeeded or that lasted 10 s, and once at once after another one; otherwise after the growing delays of <see cref="Retry"/>.
    /// </summary>
    public bool Reconnect { get; set; }

    /// <summary>
    /// Time after which an attempt to connect fails. If <see cref="CallTimeout"/> is infinite, this is also the time in which the host
    /// has to reply to the request for a service. One minute by default; <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan ConnectTimeout
    {
        get => _connectTimeout;
        set => _connectTimeout = Duration.Check(value, nameof(ConnectTimeout));
    }

    /// <summary>
    /// Time after which a call fails with a <see cref="TimeoutException"/>, and a binding that the host has not replied to with an
    /// <see cref="IpcDisconnectedException"/>; infinite by default. Does not apply to streams.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan CallTimeout
    {
        get => _callTimeout;
        set => _callTimeout = Duration.Check(value, nameof(CallTimeout));
    }

    /// <summary>The size of the largest frame that is sent or accepted, the 4 bytes of its length included. 128 KiB by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 64.</exception>
    public int MaxFrameSize
    {
        get => _maxFrameSize;
        set => _maxFrameSize = value >= SmallestFrameLimit ? value : throw TooSmall(nameof(MaxFrameSize), value, $"at least {SmallestFrameLimit}");
    }

    /// <summary>
    /// From how many bytes on that the host has not taken yet callers have to wait until it takes some. They wait without blocking a
    /// thread. 1 MiB by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long MaxUnsentBytes
    {
        get => _maxUnsentBytes;
        set => _maxUnsentBytes = value > 0 ? value : throw TooSmall(nameof(MaxUnsentBytes), value, "positive");
    }

    /// <summary>
    /// Number of bytes of a stream that may wait for its reader. Each reply counts its encoded bytes and 32 more, which is the memory that it takes.
    /// What happens at this number is up to <see cref="StreamOverflow"/>. 4 MiB by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long MaxBufferedStreamBytes
    {
        get => _maxBufferedStreamBytes;
        set => _maxBufferedStreamBytes = value > 0 ? value : throw TooSmall(nameof(MaxBufferedStreamBytes), value, "positive");
    }

    /// <summary>
    /// The behavior when <see cref="MaxBufferedStreamBytes"/> of a stream wait for its reader: <see cref="StreamOverflow.Pause"/> by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public StreamOverflow StreamOverflow
    {
        get;
        set =>
            field = Enum.IsDefined(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(StreamOverflow), value, $"{nameof(StreamOverflow)} has to be one of the enumeration.");
    }

    /// <summary>Where the time for retries and timeouts comes from.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(TimeProvider));
            field = value;
        }
    } = TimeProvider.System;

    /// <summary>Where connections, failures and dropped frames are logged.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public ILogger Logger
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Logger));
            field = value;
            Log = new GuardedLogger(value);
        }
    } = NullLogger.Instance;

    /// <summary>
    /// Who runs the slots of the client's and its proxies' signals: for instance the evaluator that a UI or game loop pumps. Null, the default,
    /// gives the client a <see cref="ThreadPoolEvaluator"/> of its own, which logs what slots throw and ends with the client. One that is given here
    /// treats what slots throw as it always does, and is never disposed by the client.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    /// <summary>
    /// Identity that the client claims to the host, before it sends anything else: over TCP, and over UNIX sockets if
    /// <see cref="ClientIdentity.SendOverUnixSockets"/> is set. Null, the default, claims nothing.
    /// </summary>
    public ClientIdentity? Identity { get; set; }

    /// <summary>What the client itself logs with.</summary>
    internal ILogger Log { get; private set; } = NullLogger.Instance;

    /// <summary>The time provider that the client itself uses, which never throws.</summary>
    internal TimeProvider Time => field ??= GuardedTime.Of(TimeProvider, Log);

    /// <summary>Time in which the host has to reply to the request for a service.</summary>
    internal TimeSpan BindTimeout => CallTimeout != Timeout.InfiniteTimeSpan ? CallTimeout : ConnectTimeout;

    internal IpcConnectionSettings ToSettings() =>
        new()
        {
            MaxFrameSize = MaxFrameSize,
            MaxUnsentBytes = MaxUnsentBytes,
            TimeProvider = Time,
            Logger = Log,
        };

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal IpcClientOptions Copy() => (IpcClientOptions)MemberwiseClone();

    private static ArgumentOutOfRangeException TooSmall(string name, object value, string allowed) =>
        new(name, value, $"{name} has to be {allowed}.");
}
