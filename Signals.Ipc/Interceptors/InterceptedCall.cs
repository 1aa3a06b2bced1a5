using System.Diagnostics;
using Signals.Ipc.Client;
using Signals.Ipc.Framing;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Services;
using Signals.Ipc.Telemetry;

namespace Signals.Ipc;

/// <summary>
/// Describes a call to its interceptors. All interceptors of a call on one side share the instance, which is valid until the call has ended. Its members
/// are not thread-safe: the interceptors of a call run one after another.
/// </summary>
public sealed class InterceptedCall
{
    private readonly ServiceMethod _method;
    private readonly CallStart _start;

    /// <summary>The headers of a call of a client; null on a host.</summary>
    private readonly Dictionary<string, string>? _headers;

    /// <summary>The token of the caller; none on a host.</summary>
    private readonly CancellationToken _token;

    /// <summary>The time limit of a call of a client.</summary>
    private readonly TimeSpan _limit = Timeout.InfiniteTimeSpan;

    /// <summary>The trace context that the options of the call contain, or null.</summary>
    private readonly TraceContext? _trace;

    /// <summary>The activity of a call that a client is sending, or null.</summary>
    private Activity? _activity;

    /// <summary>The time that the call took until it was completed last, or null if it has not been completed.</summary>
    private TimeSpan? _duration;

    /// <summary>Initializes a call of a client.</summary>
    /// <exception cref="ArgumentException">A header is not valid.</exception>
    internal InterceptedCall(
        ServiceMethod method,
        bool isOneWay,
        CallOptions? options,
        TimeSpan defaultLimit,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        _method = method;
        _start = new CallStart(time);
        _token = cancellationToken;
        _headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        IsOneWay = isOneWay;
        _limit = options?.Timeout ?? defaultLimit;
        _trace = options?.Trace;
        Deadline = _limit == Timeout.InfiniteTimeSpan ? null : CallContext.Add(time.GetUtcNow(), _limit);
        if (options?.Headers is { } headers)
        {
            foreach ((string name, string value) in headers)
            {
                CallHeaders.Check(name, value, nameof(headers));
                _headers[name] = value;
            }
        }
    }

    /// <summary>Initializes a call that a host received.</summary>
    internal InterceptedCall(ServiceMethod method, CallContext context, TimeProvider time)
    {
        _method = method;
        _start = new CallStart(time);
        Context = context;
        IsOneWay = !context.WantsReply;
        Deadline = context.Deadline;
    }

    /// <summary>Gets the endpoint of a client, or null.</summary>
    internal ServerAddress? Server { get; init; }

    /// <summary>Gets the short name of the service.</summary>
    public string ServiceName => _method.ServiceName;

    /// <summary>Gets the name of the method in the .proto file.</summary>
    public string MethodName => _method.Name;

    /// <summary>Gets a value that indicates whether the method returns a stream.</summary>
    public bool IsStreaming => _method.IsStreaming;

    /// <summary>Gets a value that indicates whether the caller wants no reply.</summary>
    public bool IsOneWay { get; }

    /// <summary>Gets the context of the call on a host, which identifies the client; null on a client.</summary>
    public CallContext? Context { get; }

    /// <summary>Gets the headers of the call, whose names are compared without regard to case. Never null.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers ?? Context!.Headers;

    /// <summary>Gets the time at which the time limit of the call is over, or null if it has none. The time that interceptors take is part of it.</summary>
    public DateTimeOffset? Deadline { get; }

    /// <summary>Gets the token of the call: on a client, that of its caller; on a host, that of the context. Pass it to what an interceptor awaits.</summary>
    public CancellationToken CancellationToken => Context?.CancellationToken ?? _token;

    /// <summary>
    /// Gets the status of the call after <c>next</c> has completed or thrown, as it is at that point of the chain; null before.
    /// <see cref="IpcStatusCode.Cancelled"/> for a stream that its reader left.
    /// </summary>
    public IpcStatusCode? StatusCode { get; private set; }

    /// <summary>Gets the time from the beginning of the call to the completion of <c>next</c>, or until now if it has not completed.</summary>
    public TimeSpan Duration => _duration ?? _start.Elapsed;

    /// <summary>
    /// Sets a header of a call on a client, for instance one with a token that authorizes the call. It is sent by each later call of <c>next</c>.
    /// </summary>
    /// <param name="name">The name: the characters a-z, 0-9, '.', '_' and '-', without regard to case.</param>
    /// <param name="value">The value, without control characters.</param>
    /// <exception cref="ArgumentException">The name or the value is not valid, or the name is reserved.</exception>
    /// <exception cref="InvalidOperationException">The call is one that a host received.</exception>
    public void SetHeader(string name, string value)
    {
        if (_headers is null)
        {
            throw new InvalidOperationException("The headers of a call that a host received cannot be changed.");
        }

        CallHeaders.Check(name, value, nameof(name));
        _headers[name] = value;
    }

    /// <summary>
    /// Begins to send a call of a client, or to repeat it, with an activity of its own if there are listeners. Returns the time limit and the headers that
    /// are sent, or null if there are none.
    /// </summary>
    /// <exception cref="ArgumentException">The headers are too large.</exception>
    internal CallDetails? BeginSending()
    {
        _activity = CallTracing.IsListened ? CallTracing.StartClient(_method, _trace, Server) : null;
        TraceContext? own = _activity is null ? null : TraceContext.Of(_activity);
        return CallDetails.Of(_limit, _headers, own ?? TraceContext.Current(_trace), _start);
    }

    /// <summary>Ends the call, or a repetition of it, as a success.</summary>
    internal void OnSucceeded() => Complete(IpcStatusCode.OK);

    /// <summary>Ends the call, or a repetition of it, as a failure. Returns the exception that the next outer interceptor sees.</summary>
    internal Exception OnFailed(Exception exception)
    {
        if (Context is { } context)
        {
            Complete(context.StatusOf(exception));
            return exception;
        }

        IpcCallException failure = CallFailure.Of(exception, _method);
        Complete(failure.StatusCode);
        return failure;
    }

    /// <summary>
    /// Ends a stream whose reader does not read it to its end. Returns the exception that an interceptor sees, or null if the stream ended regularly: its
    /// last reply was marked.
    /// </summary>
    internal Exception? OnLeft()
    {
        if (Context is { EndsWithNextReply: true })
        {
            OnSucceeded();
            return null;
        }

        Complete(IpcStatusCode.Cancelled);
        var left = new OperationCanceledException("The reader has stopped reading the stream.");
        return Context is null ? new IpcCallException(IpcStatusCode.Cancelled, left) : left;
    }

    private void Complete(IpcStatusCode status)
    {
        StatusCode = status;
        _duration = _start.Elapsed;
        CallTracing.Stop(_activity, status);
        _activity = null;
    }
}
