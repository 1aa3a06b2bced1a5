namespace Signals.Ipc.Guards;

/// <summary>Validates options that are timeouts.</summary>
internal static class Duration
{
    /// <summary>The longest time that timers accept, 49.7 days. A longer one would fail only when a wait begins.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>The shortest <c>KeepAlive</c>: shorter pauses of a process are usual.</summary>
    internal static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(1);

    /// <summary>Returns the value of a <c>KeepAlive</c> option if it is valid.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one second or too long, and neither null nor infinite.</exception>
    internal static TimeSpan? CheckKeepAlive(TimeSpan? value, string name) =>
        value is null || value == Timeout.InfiniteTimeSpan || (value >= ShortestKeepAlive && value <= Longest)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least one second and at most {Longest.Days} days, or infinite.");

    /// <summary>Returns the value of an option if timers accept it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive or too long, and not infinite.</exception>
    internal static TimeSpan Check(TimeSpan value, string name) =>
        value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value <= Longest)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive and at most {Longest.Days} days, or infinite.");
}
