using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals.Ipc.Connections;
using Signals.Ipc.Guards;

namespace Signals.Ipc;

/// <summary>Options of an <see cref="IpcClient"/>, whose constructor copies them.</summary>
public sealed class IpcClientOptions
{
    private const int SmallestFrameLimit = 64;

    private TimeSpan _callTimeout = Timeout.InfiniteTimeSpan;
    private TimeSpan _connectTimeout = TimeSpan.FromMinutes(1);
    private TimeSpan? _keepAlive;
    private int _maxFrameSize = IpcConnectionSettings.DefaultMaxFrameSize;
    private long _maxUnsentBytes = 1024 * 1024;
    private long _maxBufferedStreamBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Gets or sets a value that indicates whether the client retries a failed attempt to connect: after 1 s, 2 s, … 10 s, then every 30 s, and
    /// immediately when the socket file or its folder appears. <see langword="false"/> by default.
    /// </summary>
    public bool Retry { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the client reconnects after it has lost the connection, and binds the same proxies again.
    /// <see langword="false"/> by default. It reconnects immediately after a connection on which a call succeeded or that lasted 10 s, and, once,
    /// immediately after any other connection; otherwise, after the growing delays of <see cref="Retry"/>.
    /// </summary>
    public bool Reconnect { get; set; }

    /// <summary>
    /// Gets or sets the function that returns the delay before the next attempt to connect from the number of attempts that have failed: 1, 2, 3, … If
    /// null, the default, the delays are those of <see cref="Retry"/>. <see cref="Timeout.InfiniteTimeSpan"/> waits for a call of
    /// <see cref="IpcClient.Connect"/>; any other negative delay counts as zero. If the function throws, the exception is logged
    /// and the default delay is used. A call of <see cref="IpcClient.Connect"/> ends the delay.
    /// </summary>
    public Func<int, TimeSpan>? Backoff { get; set; }

    /// <summary>
    /// Gets or sets the time after which an attempt to connect fails. If <see cref="CallTimeout"/> is infinite, this is also the time within which
    /// the host must reply to the request for a service. One minute by default; <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan ConnectTimeout
    {
        get => _connectTimeout;
        set => _connectTimeout = Duration.Check(value, nameof(ConnectTimeout));
    }

    /// <summary>
    /// Gets or sets the time after which a call without a reply fails with a <see cref="TimeoutException"/>, and a binding without a reply with an
    /// <see cref="IpcDisconnectedException"/>. Infinite by default. Does not apply to streams.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan CallTimeout
    {
        get => _callTimeout;
        set => _callTimeout = Duration.Check(value, nameof(CallTimeout));
    }

    /// <summary>
    /// Gets or sets the interval at which the client pings a host that sends nothing. If nothing arrives for three to four intervals, not even a reply to a
    /// ping, the connection is lost with <see cref="DisconnectCause.KeepAliveTimeout"/>. If null, the default, the interval is 15 s over TCP, and there are no
    /// pings on UNIX sockets and in memory. <see cref="Timeout.InfiniteTimeSpan"/> switches pings off.
    /// </summary>
    /// <remarks>
    /// <para>A host that is slow or busy is not given up: every received byte counts, and a host that does not read from the client because of a limit says
    /// so by itself.</para>
    /// <para>Hosts that do not use this library are not pinged. Over TCP, the system then probes their machines at this interval.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one second, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan? KeepAlive
    {
        get => _keepAlive;
        set => _keepAlive = Duration.CheckKeepAlive(value, nameof(KeepAlive));
    }

    /// <summary>
    /// Gets or sets the maximum number of bytes of a frame that is sent or accepted, including the 4 bytes of its length. 128 KiB by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 64.</exception>
    public int MaxFrameSize
    {
        get => _maxFrameSize;
        set => _maxFrameSize = value >= SmallestFrameLimit ? value : throw TooSmall(nameof(MaxFrameSize), value, $"at least {SmallestFrameLimit}");
    }

    /// <summary>
    /// Gets or sets the number of unsent bytes above which callers wait (without blocking a thread) until the host accepts more. 1 MiB by
    /// default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long MaxUnsentBytes
    {
        get => _maxUnsentBytes;
        set => _maxUnsentBytes = value > 0 ? value : throw TooSmall(nameof(MaxUnsentBytes), value, "positive");
    }

    /// <summary>
    /// Gets or sets the number of bytes of a stream that may wait for its reader. Each reply counts its encoded bytes and 32 more, which is the
    /// memory that it takes. <see cref="StreamOverflow"/> determines the behavior at this limit. 4 MiB by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long MaxBufferedStreamBytes
    {
        get => _maxBufferedStreamBytes;
        set => _maxBufferedStreamBytes = value > 0 ? value : throw TooSmall(nameof(MaxBufferedStreamBytes), value, "positive");
    }

    /// <summary>
    /// Gets or sets the behavior when <see cref="MaxBufferedStreamBytes"/> of a stream wait for its reader. <see cref="StreamOverflow.Pause"/> by
    /// default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a member of the enumeration.</exception>
    public StreamOverflow StreamOverflow
    {
        get;
        set =>
            field = Enum.IsDefined(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(StreamOverflow), value, $"{nameof(StreamOverflow)} must be a defined value.");
    }

    /// <summary>Gets or sets the time provider for retries and timeouts. <see cref="TimeProvider.System"/> by default.</summary>
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

    /// <summary>
    /// Gets or sets the logger of connections, failures and dropped frames. By default, nothing is logged, except that the first exception of each type
    /// that user code throws is written to <see cref="System.Diagnostics.Trace"/>.
    /// </summary>
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
    /// Gets or sets the evaluator that runs the slots of the signals of the client and its proxies, for instance the evaluator of a UI or of a game
    /// loop. If null, the default, the client creates a <see cref="ThreadPoolEvaluator"/>, which logs the exceptions of slots and ends with the client. An
    /// evaluator that is set here handles exceptions of slots in its own way, and the client never disposes it.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    /// <summary>
    /// Gets or sets the identity that the client claims to the host before it sends anything else: over TCP, and over UNIX sockets if
    /// <see cref="ClientIdentity.SendOverUnixSockets"/> is set. If null, the default, the client claims no identity.
    /// </summary>
    public ClientIdentity? Identity { get; set; }

    /// <summary>
    /// Gets or sets the interceptors of the calls of all proxies of the client, outermost first: the first one sees a call before, and its reply after,
    /// the others. The list is copied. Empty by default, which costs nothing.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">An interceptor is null.</exception>
    public IReadOnlyList<CallInterceptor> Interceptors
    {
        get => InterceptorArray.AsReadOnly();
        set => InterceptorArray = CallInterceptor.Copy(value);
    }

    /// <summary>Gets the interceptors.</summary>
    internal CallInterceptor[] InterceptorArray { get; private set; } = [];

    /// <summary>Gets the logger that the client itself uses, which never throws.</summary>
    internal ILogger Log { get; private set; } = new GuardedLogger(new TraceLogger(nameof(IpcClientOptions)));

    /// <summary>Gets the time provider that the client itself uses, which never throws.</summary>
    internal TimeProvider Time => field ??= GuardedTime.Of(TimeProvider, Log);

    /// <summary>Gets the time within which the host must reply to the request for a service.</summary>
    internal TimeSpan BindTimeout => CallTimeout != Timeout.InfiniteTimeSpan ? CallTimeout : ConnectTimeout;

    internal IpcConnectionSettings ToSettings(bool willRetry) =>
        new()
        {
            KeepAlive = KeepAlive,
            WillRetry = willRetry,
            MaxFrameSize = MaxFrameSize,
            MaxUnsentBytes = MaxUnsentBytes,
            TimeProvider = Time,
            Logger = Log,
        };

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal IpcClientOptions Copy() => (IpcClientOptions)MemberwiseClone();

    private static ArgumentOutOfRangeException TooSmall(string name, object value, string allowed) => new(name, value, $"{name} must be {allowed}.");
}
