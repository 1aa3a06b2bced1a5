using System.Diagnostics;
using Signals.Ipc.Framing;
using Signals.Ipc.Interceptors;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>The time limit and the headers of a call that has any of them. The time limit begins when they are created.</summary>
internal class CallDetails
{
    private readonly long _createdAt;

    /// <param name="limit">The time limit, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="headers">The headers, encoded as fields of the call.</param>
    /// <param name="startedAt">The time at which the call was made, in ticks of the client's time.</param>
    /// <param name="createdAt">The same time in ticks of the system.</param>
    private CallDetails(TimeSpan limit, byte[] headers, long startedAt, long createdAt)
    {
        Limit = limit;
        Headers = headers;
        StartedAt = startedAt;
        _createdAt = createdAt;
    }

    /// <summary>Initializes a copy of other details, or details without a time limit and headers.</summary>
    protected CallDetails(CallDetails? other)
        : this(other?.Limit ?? Timeout.InfiniteTimeSpan, other?.Headers ?? [], other?.StartedAt ?? 0, other?._createdAt ?? 0) { }

    internal TimeSpan Limit { get; }

    internal byte[] Headers { get; }

    /// <summary>Gets or sets the time at which the call was made, in ticks of the client's time.</summary>
    internal long StartedAt { get; set; }

    internal bool HasLimit => Limit != Timeout.InfiniteTimeSpan;

    /// <summary>Returns the time limit and the headers of a call that begins now, or null if it has none.</summary>
    /// <param name="options">The options of the call, or null.</param>
    /// <param name="defaultLimit">The time limit, unless the options have one.</param>
    /// <param name="time">The client's time, which is user code.</param>
    /// <exception cref="ArgumentException">A header is not valid.</exception>
    internal static CallDetails? Of(CallOptions? options, TimeSpan defaultLimit, TimeProvider time)
    {
        TimeSpan limit = options?.Timeout ?? defaultLimit;
        byte[] headers = CallHeaders.Encode(options?.Headers, TraceContext.Current(options?.Trace));
        return limit != Timeout.InfiniteTimeSpan ? new CallDetails(limit, headers, time.GetTimestamp(), Stopwatch.GetTimestamp())
            : headers.Length != 0 ? new CallDetails(limit, headers, 0, 0)
            : null;
    }

    /// <summary>Returns the time limit and the headers of a call that has begun, or null if it has none.</summary>
    /// <exception cref="ArgumentException">A header is not valid.</exception>
    internal static CallDetails? Of(TimeSpan limit, IReadOnlyDictionary<string, string>? headers, TraceContext? trace, in CallStart start)
    {
        byte[] encoded = CallHeaders.Encode(headers, trace);
        return limit == Timeout.InfiniteTimeSpan && encoded.Length == 0 ? null : new CallDetails(limit, encoded, start.Timestamp, start.SystemTimestamp);
    }

    /// <summary>Called once, outside all locks, when a stream has ended.</summary>
    /// <param name="failure">The failure, or null.</param>
    /// <param name="isLeft">A value that indicates whether the reader has left the stream before its end.</param>
    internal virtual void OnEnded(Exception? failure, bool isLeft) { }

    /// <summary>Returns the exception of a call whose time is over.</summary>
    internal TimeoutException TimedOut(ServiceMethod method, Exception? cause = null) =>
        new($"The call of {method.FullName} timed out after {Limit}.", cause);

    /// <summary>
    /// Returns the number of microseconds that are left, at least one, or zero if there is no limit. Called inside the sender's lock, where the client's
    /// time provider, which is user code, must not be called.
    /// </summary>
    internal ulong GetMicrosecondsLeft() => HasLimit ? (ulong)Math.Max(1, (Limit - Stopwatch.GetElapsedTime(_createdAt)).TotalMicroseconds) : 0;
}
