using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Signals.Ipc.Sockets;

namespace Signals.Ipc;

/// <summary>How a host behaves where there is a choice. Its constructor copies them.</summary>
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

    /// <summary>How many clients may be connected at a time: 1,024. Those that come beyond are disconnected at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxClients
    {
        get => _maxClients;
        set => _maxClients = AtLeast(1, value, nameof(MaxClients));
    }

    /// <summary>
    /// How many bytes of answers may wait for one client to read them: 1 MiB. Beyond, no request of that client is read and its streams wait,
    /// until it has read. Answers to requests that are under way already are still taken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxUnsentBytes
    {
        get => _maxUnsentBytes;
        set => _maxUnsentBytes = AtLeast(1, value, nameof(MaxUnsentBytes));
    }

    /// <summary>How many calls of one client may be under way: 1,024. Beyond, no request of that client is read until one has ended.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConcurrentCalls
    {
        get => _maxConcurrentCalls;
        set => _maxConcurrentCalls = AtLeast(1, value, nameof(MaxConcurrentCalls));
    }

    /// <summary>
    /// The bytes of memory that the decoded requests of the pending calls of one client may take: 8 MiB by default. Beyond, no request of that
    /// client is read until some of them have ended. A client without a pending call can always send a request, whatever its size.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public long MaxRequestBytes
    {
        get => _maxRequestBytes;
        set => _maxRequestBytes = AtLeast(1L, value, nameof(MaxRequestBytes));
    }

    /// <summary>
    /// The bytes of memory that the decoded requests of the pending calls of all clients together may take: 64 MiB by default. Beyond, no request
    /// is read of a client whose pending calls take more than its equal share, which is this value divided by the number of clients.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public long MaxTotalRequestBytes
    {
        get => _maxTotalRequestBytes;
        set => _maxTotalRequestBytes = AtLeast(1L, value, nameof(MaxTotalRequestBytes));
    }

    /// <summary>
    /// How large a frame may be, its 4 length bytes included: 128 KiB. A client that announces a larger one is disconnected; an answer that
    /// would be larger becomes a failed call.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 128.</exception>
    public int MaxFrameSize
    {
        get => _maxFrameSize;
        set => _maxFrameSize = AtLeast(128, value, nameof(MaxFrameSize));
    }

    /// <summary>
    /// The time after which a client that takes nothing of the replies that wait for it is disconnected, at most a quarter of it later: 10 s.
    /// <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <remarks>
    /// A client that reads slowly is not disconnected. The system reports progress: over TCP the bytes that the client's system has acknowledged,
    /// on socket files each whole piece that the client has read, which is 16 KiB at most and 1 KiB once the client is slow. On systems other than
    /// Linux it is the data that the system has accepted for sending.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan WriteTimeout
    {
        get => _writeTimeout;
        set => _writeTimeout = Duration.Check(value, nameof(WriteTimeout));
    }

    /// <summary>
    /// A client that sends no complete frame for so long while none of its calls is under way is disconnected:
    /// <see cref="Timeout.InfiniteTimeSpan"/>, so never.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan IdleTimeout
    {
        get => _idleTimeout;
        set => _idleTimeout = Duration.Check(value, nameof(IdleTimeout));
    }

    /// <summary>How long a host that stops waits for calls under way: 5 s. <see cref="Timeout.InfiniteTimeSpan"/> for as long as they take.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than timers take: 49 days.</exception>
    public TimeSpan GracePeriod
    {
        get => _gracePeriod;
        set => _gracePeriod = value == TimeSpan.Zero ? value : Duration.Check(value, nameof(GracePeriod));
    }

    /// <summary>
    /// Checks a connecting client, and returns whether it may connect. Called for up to 64 clients at the same time, each on a thread of its own, so
    /// that it may block; others wait. A client is refused when this throws, or takes longer than <see cref="AuthorizeTimeout"/>. Null accepts all
    /// clients that the socket file's mode admits.
    /// </summary>
    public Func<ClientInfo, bool>? Authorize { get; set; }

    /// <summary>
    /// The same as <see cref="Authorize"/> for a check that awaits: called on the thread pool, for any number of clients at the same time. Its token
    /// is cancelled when <see cref="AuthorizeTimeout"/> is over or the host stops. If both are set, both must accept the client.
    /// </summary>
    public Func<ClientInfo, CancellationToken, Task<bool>>? AuthorizeAsync { get; set; }

    /// <summary>
    /// The time that the checks of a client may take, waiting for a thread included, before the client is refused: 10 s by default.
    /// <see cref="Timeout.InfiniteTimeSpan"/> sets no limit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive, or exceeds the limit of timers: 49 days.</exception>
    public TimeSpan AuthorizeTimeout
    {
        get => _authorizeTimeout;
        set => _authorizeTimeout = Duration.Check(value, nameof(AuthorizeTimeout));
    }

    /// <summary>Who may connect to a socket file: read and write for the owner alone. Abstract sockets and TCP have no such check.</summary>
    public UnixFileMode SocketFileMode { get; set; } = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Evaluator that runs the slots of the host's signals. Null for a <see cref="ThreadPoolEvaluator"/> of its own, which logs what they throw.
    /// </summary>
    public ConnectionEvaluator? Evaluator { get; set; }

    /// <summary>What tells the time.</summary>
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

    /// <summary>Where the host says what went wrong.</summary>
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

    /// <summary>What the host itself logs with.</summary>
    internal ILogger Log { get; private set; } = NullLogger.Instance;

    /// <summary>Gets the time that the host itself uses, which never throws.</summary>
    internal TimeProvider Time => field ??= GuardedTime.Of(TimeProvider, Log);

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal IpcHostOptions Copy() => (IpcHostOptions)MemberwiseClone();

    private static T AtLeast<T>(T least, T value, string name)
        where T : struct, IComparable<T> =>
        value.CompareTo(least) >= 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
}
