namespace Signals.Ipc.Sockets;

/// <summary>What is allowed where an option is a time to wait.</summary>
internal static class Duration
{
    /// <summary>The longest time that timers take, 49.7 days; a longer one would only fail when it is waited for.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Returns the value of an option if it can be waited for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive or too long, and not infinite.</exception>
    internal static TimeSpan Check(TimeSpan value, string name) =>
        value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value <= Longest)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be positive and at most {Longest.Days} days, or infinite.");
}
