using System.Diagnostics;

namespace Signals.Ipc.Interceptors;

/// <summary>The time at which a call began, in the ticks of a time provider and in those of the system.</summary>
internal readonly struct CallStart(TimeProvider time)
{
    /// <summary>Gets the time in ticks of the time provider.</summary>
    internal long Timestamp { get; } = time.GetTimestamp();

    /// <summary>Gets the time in ticks of the system, which can be read where no user code may run.</summary>
    internal long SystemTimestamp { get; } = Stopwatch.GetTimestamp();

    internal TimeSpan Elapsed => time.GetElapsedTime(Timestamp);
}
