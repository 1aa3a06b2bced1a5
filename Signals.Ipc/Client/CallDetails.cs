using System.Diagnostics;
using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>The time limit and the headers of a call that has any of them.</summary>
/// <param name="limit">The time limit, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
/// <param name="headers">The headers, encoded as fields of the call.</param>
internal sealed class CallDetails(TimeSpan limit, byte[] headers)
{
    private readonly long _createdAt = Stopwatch.GetTimestamp();

    internal TimeSpan Limit { get; } = limit;

    internal byte[] Headers { get; } = headers;

    /// <summary>Gets or sets the time at which the call was made, in ticks of the client's time.</summary>
    internal long StartedAt { get; set; }

    internal bool HasLimit => Limit != Timeout.InfiniteTimeSpan;

    /// <summary>Returns the exception of a call whose time is over.</summary>
    internal TimeoutException TimedOut(ServiceMethod method, Exception? cause = null) =>
        new($"The call of {method.FullName} timed out after {Limit}.", cause);

    /// <summary>
    /// Returns the number of microseconds that are left, at least one, or zero if there is no limit. Called inside the sender's lock, where the client's
    /// time provider, which is user code, must not be called.
    /// </summary>
    internal ulong GetMicrosecondsLeft() => HasLimit ? (ulong)Math.Max(1, (Limit - Stopwatch.GetElapsedTime(_createdAt)).TotalMicroseconds) : 0;
}
