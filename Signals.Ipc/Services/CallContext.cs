using Signals.Ipc.Framing;
using Signals.Ipc.Guards;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc;

/// <summary>
/// Provides a service's method with information about a call besides its request. A context is valid until its call has ended: afterwards, it may be that
/// of another call. All members are thread-safe.
/// </summary>
public sealed class CallContext
{
    /// <summary>The part that the context shares with those of other calls of the same method by the same client.</summary>
    private readonly MethodContext _method;

    /// <summary>The extension fields of the call, or null if it has none.</summary>
    private readonly CallExtensions? _extensions;

    /// <summary>The token of a context that a test created.</summary>
    private readonly CancellationToken _token;

    /// <summary>The source of the token, or null until the token is first needed: most methods complete without it.</summary>
    private CancellationTokenSource? _cancellation;

    /// <summary>The timer that cancels the token when the <see cref="Deadline"/> is over, or null. Disposed when the call ends.</summary>
    private ITimer? _deadlineTimer;

    /// <summary>A value that indicates whether the call has been canceled.</summary>
    private volatile bool _isCancelled;

    private volatile bool _isDeadlineOver;

    /// <summary>
    /// Initializes a new instance of the <see cref="CallContext"/> class. Hosts create contexts; the tests of a service may create them too.
    /// </summary>
    /// <param name="client">The client that makes the call.</param>
    /// <param name="methodName">The name of the called method in the .proto file.</param>
    /// <param name="wantsReply"><see langword="true"/> if the reply is sent to the client; otherwise, <see langword="false"/>.</param>
    /// <param name="cancellationToken">A token that is canceled when the call is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> or <paramref name="methodName"/> is null.</exception>
    public CallContext(ClientInfo client, string methodName, bool wantsReply = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(methodName);
        _method = new MethodContext(client, methodName, caller: null);
        _token = cancellationToken;
        WantsReply = wantsReply;
    }

    /// <summary>Initializes the context of a call.</summary>
    internal CallContext(MethodContext method, ulong requestId, bool wantsReply, CallExtensions? extensions)
    {
        _method = method;
        _extensions = extensions;
        RequestId = requestId;
        WantsReply = wantsReply;
        Deadline = extensions?.Timeout is { } timeout ? Add(method.Caller!.Time.GetUtcNow(), timeout) : null;
    }

    /// <summary>Gets the client that makes the call.</summary>
    public ClientInfo Client => _method.Client;

    /// <summary>Gets the name of the called method in the .proto file.</summary>
    public string MethodName => _method.MethodName;

    /// <summary>
    /// Gets a value that indicates whether the client wants a reply. If it does not, neither the method's reply nor its failure is sent.
    /// </summary>
    public bool WantsReply { get; }

    /// <summary>Gets the headers of the call, whose names are compared without regard to case. Never null.</summary>
    /// <remarks>The trace context is not among them. A test of a service may set the headers of the context that it creates; they are copied.</remarks>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _extensions?.Headers ?? CallHeaders.None;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Headers));
            _extensions = CallExtensions.Of(value);
        }
    }

    /// <summary>
    /// Gets the time at which the client stops waiting for the reply, or null if it has set no limit. A test of a service may set the deadline of the
    /// context that it creates, which does not cancel its token.
    /// </summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>
    /// Gets a token that is canceled when the reply is no longer awaited: the client has canceled the call, left its stream or disconnected, the
    /// <see cref="Deadline"/> is over, or the grace period of a stopping host is.
    /// </summary>
    public CancellationToken CancellationToken =>
        Volatile.Read(ref _cancellation)?.Token ?? (_method.Caller is null ? _token : CreateToken(_method.Caller));

    /// <summary>Gets a token that is canceled when the host begins to stop, so that streams without an end can end.</summary>
    public CancellationToken HostStopping => _method.Caller?.HostStopping ?? CancellationToken.None;

    internal ulong RequestId { get; private set; }

    /// <summary>Gets the called method. Not used on a context that a test created.</summary>
    internal ServiceMethod Method => _method.Method!;

    /// <summary>Gets the object that observes the calls of the method, or null if nothing does.</summary>
    internal CallObserver? Observer => _method.Observer ?? (CallTracing.IsListened || CallMetrics.MeasuresServer ? CallObserver.Listened : null);

    /// <summary>Gets the trace context of the call, or null if it has none.</summary>
    internal TraceContext? Trace => _extensions?.Trace;

    /// <summary>Gets or sets a value that indicates whether the call can mark its last reply.</summary>
    internal bool IsOfStream { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the call connects to a signal. Later calls of the client wait until it has, so that it does not miss what
    /// they cause.
    /// </summary>
    internal bool IsSubscription { get; set; }

    /// <summary>Gets or sets a value that indicates whether the caller holds the call, so that it can be canceled. Guarded by the caller's lock.</summary>
    internal bool IsHeld { get; set; }

    /// <summary>Gets or sets a value that indicates whether the reply follows after the method has returned. Used by the thread that runs the method.</summary>
    internal bool IsPending { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the call is counted apart from the one that the receive loop handles, because its method blocks that
    /// loop, or has waited for one that does. Set before or while the method runs, read by its thread afterwards.
    /// </summary>
    internal bool IsCountedApart { get; set; }

    /// <summary>
    /// Gets or sets a value that indicates whether the last reply of a call that is pending or counted apart is being sent, or has been. Used by the thread
    /// that sends it.
    /// </summary>
    internal bool HasLastReply { get; set; }

    /// <summary>Gets or sets a value that indicates whether other calls wait for the method, which blocks. Used as <see cref="IsCountedApart"/> is.</summary>
    internal bool HasBacklog { get; set; }

    /// <summary>Gets or sets a value that indicates whether the method has returned and the call has ended with it.</summary>
    internal bool HasReturned
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Gets a value that indicates whether the call has ended.</summary>
    private bool HasEnded
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>Gets a value that indicates whether the context has nothing of the call that has ended.</summary>
    internal bool IsReusable => _extensions is null && !_isCancelled && !IsHeld && !IsOfStream && Volatile.Read(ref _cancellation) is null;

    /// <summary>Gets or sets the call to end when it is canceled, because its method has returned and only its writer could end it; otherwise, null.</summary>
    internal WeakReference<PendingReply>? EndedByCancellation { get; set; }

    /// <summary>Gets a value that indicates whether the stream ends with the reply that its method yields next.</summary>
    internal bool EndsWithNextReply { get; private set; }

    /// <summary>Gets a value that indicates whether the client or its disconnection has canceled the call.</summary>
    internal bool IsCancelled => _isCancelled;

    /// <summary>Gets a value that indicates whether the token has been canceled because the <see cref="Deadline"/> is over.</summary>
    internal bool IsDeadlineOver => _isDeadlineOver;

    /// <summary>Gets the maximum number of bytes of memory that the headers take.</summary>
    internal long HeaderBytes => _extensions?.Bytes ?? 0;

    /// <summary>Gets a value that indicates whether the token is canceled, for one of its reasons.</summary>
    internal bool IsCancellationRequested =>
        _isCancelled || _token.IsCancellationRequested || Volatile.Read(ref _cancellation) is { IsCancellationRequested: true };

    /// <summary>
    /// Marks a reply as the last one of a stream: <c>yield return context.LastReply(reply);</c>. The end of the stream is sent with this reply.
    /// </summary>
    /// <remarks>
    /// <para>A method that ends without awaiting anything after its last reply does not need the mark. If the method awaits there, or yields no
    /// reply at all, the end of the stream is sent as a separate, empty reply. Clients of this library do not report that reply to their callers;
    /// clients of Perfetto's library take it for one more message.</para>
    /// <para>The method does not resume after the marked reply: its <c>finally</c> blocks run, and it ends. In a method that does not stream,
    /// and on a context that a test created, this method only returns the reply.</para>
    /// </remarks>
    /// <typeparam name="TReply">The type of the reply.</typeparam>
    /// <param name="reply">The reply, which the method must yield next.</param>
    /// <returns><paramref name="reply"/>.</returns>
    public TReply LastReply<TReply>(TReply reply)
    {
        EndsWithNextReply = IsOfStream;
        return reply;
    }

    /// <summary>
    /// Returns options for a call that is made on behalf of this one: with its deadline and its headers, unless the options have their own, and with its
    /// trace context, unless an activity of the same trace is current when the call is made.
    /// </summary>
    /// <param name="options">The options to extend, which are not changed, or null.</param>
    /// <returns>New options. Their <see cref="CallOptions.Timeout"/> is the time that is left until the <see cref="Deadline"/>, if that is shorter.</returns>
    public CallOptions Inherit(CallOptions? options = null)
    {
        var inherited = new CallOptions
        {
            Timeout = options?.Timeout,
            Headers = options?.Headers ?? (_extensions?.Headers is { Count: > 0 } headers ? headers : null),
            WaitForReady = options?.WaitForReady ?? false,
            Resume = options?.Resume ?? false,
            Trace = options?.Trace ?? _extensions?.Trace,
        };
        if (Deadline is { } deadline)
        {
            TimeSpan left = deadline - (_method.Caller?.Time ?? TimeProvider.System).GetUtcNow();
            left = TimeSpan.FromTicks(Math.Clamp(left.Ticks, TimeSpan.TicksPerMicrosecond, Duration.Longest.Ticks));
            inherited.Timeout = inherited.Timeout is not { } timeout || timeout == Timeout.InfiniteTimeSpan || left < timeout ? left : inherited.Timeout;
        }

        return inherited;
    }

    /// <summary>Releases the timer of the deadline. Called when the call has ended.</summary>
    internal void End()
    {
        HasEnded = true;
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _deadlineTimer)?.Dispose();
    }

    /// <summary>Begins another call of the same method, whose context this is from now on.</summary>
    internal void Reuse(ulong requestId)
    {
        RequestId = requestId;
        HasReturned = false;
    }

    /// <summary>Cancels the call. Its token's callbacks are user code that may block and throw, so they run on the thread pool.</summary>
    internal void Cancel()
    {
        _isCancelled = true;

        // Pairs with CreateToken: either this thread sees the source, or the other one the flag.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _cancellation) is { } source)
        {
            _ = CancelAsync(source);
        }

        if (EndedByCancellation is { } ended && ended.TryGetTarget(out PendingReply? call))
        {
            call.Finish();
        }
    }

    private CancellationToken CreateToken(IServiceCaller caller)
    {
        var created = new CancellationTokenSource();
        CancellationTokenSource source = Interlocked.CompareExchange(ref _cancellation, created, null) ?? created;
        if (source != created)
        {
            created.Dispose();
            return source.Token;
        }

        caller.Hold(this);
        if (_isCancelled)
        {
            _ = CancelAsync(source);
        }
        else if (Deadline is { } deadline)
        {
            StartDeadline(caller, deadline);
        }

        return source.Token;
    }

    /// <summary>Starts the timer of the deadline. It is not the source's own, which would run callbacks of user code without a guard.</summary>
    private void StartDeadline(IServiceCaller caller, DateTimeOffset deadline)
    {
        TimeSpan left = deadline - caller.Time.GetUtcNow();
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
        ITimer timer = caller.Time.CreateTimer(
            static state => ((CallContext)state!).OnDeadline(),
            this,
            left < Duration.Longest ? left : Duration.Longest,
            Timeout.InfiniteTimeSpan
        );
        Volatile.Write(ref _deadlineTimer, timer);
        Interlocked.MemoryBarrier();
        if (HasEnded)
        {
            timer.Dispose();
        }
    }

    private void OnDeadline()
    {
        _isDeadlineOver = true;
        if (Volatile.Read(ref _cancellation) is { } source)
        {
            _ = CancelAsync(source);
        }
    }

    /// <summary>Returns the status with which the call fails if its method throws an exception.</summary>
    internal IpcStatusCode StatusOf(Exception reason) =>
        reason switch
        {
            IpcStatusException status => status.StatusCode,
            OperationCanceledException when IsDeadlineOver => IpcStatusCode.DeadlineExceeded,
            OperationCanceledException when IsCancellationRequested => IpcStatusCode.Cancelled,
            IpcException { IsFrameTooLarge: true } => IpcStatusCode.ResourceExhausted,
            _ => IpcStatusCode.Unknown,
        };

    internal static DateTimeOffset Add(DateTimeOffset now, TimeSpan timeout) =>
        timeout < DateTimeOffset.MaxValue - now ? now + timeout : DateTimeOffset.MaxValue;

    private async Task CancelAsync(CancellationTokenSource source)
    {
        try
        {
            await source.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _method.Caller!.ReportCancellationFailure(exception);
        }
    }
}
