using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals.Ipc.Guards;

namespace Signals.Ipc;

/// <summary>Provides options for <see cref="IpcHost"/>, whose constructor copies them.</summary>
public sealed class IpcHostOptions
{
    private int _maxClients = 1024;
    private int _maxUnsentBytes = 1024 * 1024;
    private int _maxConcurrentCalls = 1024;
    private int _maxFrameSize = 128 * 1024;
    private long _maxRequestBytes = 8 * 1024 * 1024;
    private long _maxTotalRequestBytes = 64 * 1024 * 1024;
    private TimeSpan _authorizeTimeout = TimeSpan.FromSeconds(10);
    private TimeSpan _writeTimeout = TimeSpan.FromSeconds(10);
    private TimeSpan _idleTimeout = Timeout.InfiniteTimeSpan;
    private TimeSpan _gracePeriod = TimeSpan.FromSeconds(5);
    private TimeSpan? _keepAlive;

    /// <summary>
    /// Gets or sets a value that indicates whether the failure of a method that threw any exception, apart from <see cref="IpcStatusException"/>, contains
    /// the text of the exception with its stack trace. <see langword="false"/> by default, since the text may reveal secrets of the host.
    /// </summary>
    public bool IncludeExceptionDetails { get; set; }

    /// <summary>Gets or sets the maximum number of connected clients: 1,024 by default. Further clients are disconnected immediately.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxClients
    {
        get => _maxClients;
        set => _maxClients = AtLeast(1, value, nameof(MaxClients));
    }

    /// <summary>
    /// Gets or sets the number of unsent reply bytes of one client above which the host reads no request of that client:
    /// 1 MiB by default. Its streams wait at half of it. Replies to calls that are already active are still accepted.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxUnsentBytes
    {
        get => _maxUnsentBytes;
        set => _maxUnsentBytes = AtLeast(1, value, nameof(MaxUnsentBytes));
    }

    /// <summary>
    /// Gets or sets the maximum number of active calls of one client: 1,024 by default. Clients of this library are told the limit and hold further calls back.
    /// No request of a client that does not know it is read, at the limit, until a call has ended.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        set => _maxConcurrentCalls = AtLeast(1, value, nameof(MaxConcurrentCalls));
    }

    /// <summary>
    /// Gets or sets a value that indicates whether the methods of one client's calls are always started one after another: <see langword="false"/> by
    /// default. A method that blocks its thread for longer than a few milliseconds then holds back the client's other calls. By default, it holds back
    /// only one-way calls, and those only if it was called one-way itself. A method that awaits holds back nothing in either case.
    /// </summary>
    public bool SerializeCalls { get; set; }

    /// <summary>
    /// Gets or sets the limit of the memory, in bytes, of the decoded requests of one client's pending calls: 8 MiB by default. At the limit, no
    /// request of that client is read until some of these calls have ended. A client without a pending call can always send a request of any size.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public long MaxRequestBytes
    {
        get => _maxRequestBytes;
        set => _maxRequestBytes = AtLeast(1L, value, nameof(MaxRequestBytes));
    }

    /// <summary>
    /// Gets or sets the limit of the memory, in bytes, of the decoded requests of all clients' pending calls: 64 MiB by default. At the limit, no
    /// request is read of a client whose pending calls use more than an equal share, which is this value divided by the number of clients.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public long MaxTotalRequestBytes
    {
        get => _maxTotalRequestBytes;
        set => _maxTotalRequestBytes = AtLeast(1L, value, nameof(MaxTotalRequestBytes));
    }

    /// <summary>
    /// Gets or sets the maximum size of a frame in bytes, including its 4 length bytes: 128 KiB by default. A client that announces a larger frame
    /// is disconnected; a call whose reply would be larger fails.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 128.</exception>
    public int MaxFrameSize
    {
        get => _maxFrameSize;
        set => _maxFrameSize = AtLeast(128, value, nameof(MaxFrameSize));
    }

    /// <summary>
    /// Gets or sets the time after which a client that accepts no data while replies are pending is disconnected: 10 s by default. The host
    /// disconnects it at most a quarter of this time later. <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <remarks>
    /// A client that reads slowly is not disconnected. The system reports progress: over TCP, the bytes that the client's system has acknowledged;
    /// on UNIX sockets, each block that the client has read completely, which is at most 16 KiB, and 1 KiB once the client is slow. On systems other
    /// than Linux, progress is the data that the system has accepted for sending.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = Duration.Check(value, nameof(WriteTimeout));
    }

    /// <summary>
    /// Gets or sets the time after which a client that has no active call and sends no complete frame is disconnected.
    /// <see cref="Timeout.InfiniteTimeSpan"/>, the default, sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan IdleTimeout
    {
        get => _idleTimeout;
        set => _idleTimeout = Duration.Check(value, nameof(IdleTimeout));
    }

    /// <summary>
    /// Gets or sets the interval at which the host pings a client that sends nothing. A client from which nothing arrives for three to four intervals, not
    /// even a reply to a ping, is disconnected with <see cref="DisconnectCause.KeepAliveTimeout"/>. If null, the default, the interval is 15 s over TCP, and
    /// there are no pings on UNIX sockets and in memory. <see cref="Timeout.InfiniteTimeSpan"/> switches pings off.
    /// </summary>
    /// <remarks>
    /// <para>A client that is slow or busy is not disconnected: every received byte counts, and a client that does not read for a while because its streams
    /// are full says so by itself. Pings do not count as activity for the <see cref="IdleTimeout"/>.</para>
    /// <para>Clients that do not use this library are not pinged. Over TCP, the system then probes their machines at this interval.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one second, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan? KeepAlive
    {
        get => _keepAlive;
        set => _keepAlive = Duration.CheckKeepAlive(value, nameof(KeepAlive));
    }

    /// <summary>
    /// Gets or sets the time that a stopping host waits for active calls: 5 s by default. <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan GracePeriod
    {
        get => _gracePeriod;
        set => _gracePeriod = value == TimeSpan.Zero ? value : Duration.Check(value, nameof(GracePeriod));
    }

    /// <summary>
    /// Gets or sets the function that returns whether a connecting client is accepted. It is called for up to 64 clients at the same time, each on a
    /// thread of its own, so it may block; further clients wait. A client is refused if the function throws, or takes longer than
    /// <see cref="AuthorizeTimeout"/>. If null, every client that can open the socket is accepted.
    /// </summary>
    public Func<ClientInfo, bool>? Authorize { get; set; }

    /// <summary>
    /// Gets or sets the asynchronous form of <see cref="Authorize"/>. It is called on the thread pool, for any number of clients at the same time.
    /// Its token is canceled when <see cref="AuthorizeTimeout"/> elapses or the host stops. If both are set, both must accept the client.
    /// </summary>
    public Func<ClientInfo, CancellationToken, Task<bool>>? AuthorizeAsync { get; set; }

    /// <summary>
    /// Gets or sets the time that the authorization checks of a client may take before it is refused: 10 s by default. It includes waiting for a
    /// thread. <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan AuthorizeTimeout
    {
        get => _authorizeTimeout;
        set => _authorizeTimeout = Duration.Check(value, nameof(AuthorizeTimeout));
    }

    /// <summary>
    /// Gets or sets the maximum number of remote signals that a client subscribes to, including those that wait for an export. Further ones are refused. The
    /// default is 4,096.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int MaxSubscriptionsPerClient
    {
        get;
        set => field = AtLeast(1, value, nameof(MaxSubscriptionsPerClient));
    } = 4096;

    /// <summary>
    /// Gets or sets the function that decides whether the host may import a name from a client. The default is null: only from clients that the system has
    /// identified as the same user, so from none over TCP. It is called for each subscription, never while a lock is held. An exception is a refusal.
    /// </summary>
    public Func<ClientInfo, string, bool>? AuthorizeExport { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether clients can import what other clients export: <see langword="false"/> by default. The host is then a hub for
    /// remote signals. What the host exports itself comes first; otherwise, one client owns a name: the first one that exports it, until it withdraws it or
    /// disconnects.
    /// </summary>
    /// <remarks>
    /// The rights are those of the exporting client, to which the host is the subscriber (its <see cref="Remote.ExportOptions.Authorize"/>), and
    /// <see cref="AuthorizeExport"/>. Each client that the host admits can import what these allow. See <see cref="Remote.RemoteRelay"/>.
    /// </remarks>
    public bool RelaySignals { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the host describes itself to clients that ask: the names and methods of its services, and the
    /// descriptors of their messages, and the host's clients with the numbers and methods of their calls. The tool <c>signals</c> needs it. If null, the
    /// default, the host describes itself to clients on UNIX sockets and in memory, and not over TCP or a transport of the program.
    /// </summary>
    /// <remarks>
    /// Each client that the host admits can ask; it can also call each of the services. The descriptors contain what the .proto files declare, with custom
    /// options, but no comments. Exported signals are listed independently of this option, to the clients that may import them.
    /// </remarks>
    public bool? DescribesItself { get; set; }

    /// <summary>
    /// Gets or sets the mode of socket files, which determines who can connect: read and write for the owner only by default. Abstract sockets and
    /// TCP have no mode.
    /// </summary>
    public UnixFileMode SocketFileMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Gets or sets the evaluator that runs the slots of the host's signals. If null, the host uses a <see cref="ThreadPoolEvaluator"/> of its own
    /// and logs the exceptions of slots.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    /// <summary>Gets or sets the time provider for all timeouts: <see cref="TimeProvider.System"/> by default.</summary>
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
    /// Gets or sets the logger. By default, nothing is logged, except that the first exception of each type that user code throws is written to
    /// <see cref="System.Diagnostics.Trace"/>.
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
    /// Gets or sets the interceptors of the calls of all services, outermost first: the first one sees a request before, and its reply after, the others.
    /// They do not see requests that the host refuses by itself. The list is copied. Empty by default, which costs nothing.
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

    /// <summary>Gets the logger that the host itself uses, which never throws.</summary>
    internal ILogger Log { get; private set; } = new GuardedLogger(new TraceLogger(nameof(IpcHostOptions)));

    /// <summary>Gets the time provider that the host itself uses, which never throws.</summary>
    internal TimeProvider Time => field ??= GuardedTime.Of(TimeProvider, Log);

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal IpcHostOptions Copy() => (IpcHostOptions)MemberwiseClone();

    private static T AtLeast<T>(T least, T value, string name)
        where T : struct, IComparable<T> =>
        value.CompareTo(least) >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
