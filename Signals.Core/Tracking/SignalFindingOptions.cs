namespace Signals;

/// <summary>Options of <see cref="SignalSnapshot.Find"/>. They are read when it is called.</summary>
public sealed class SignalFindingOptions
{
    private TimeSpan _neverEndedAfter = TimeSpan.FromHours(1);
    private int _manyThreads = 2;

    /// <summary>
    /// Gets or sets the age from which a connection that keeps its target alive is reported as <see cref="SignalFindingKind.NeverEnded"/>. The default is one
    /// hour; <see cref="TimeSpan.MaxValue"/> reports none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan NeverEndedAfter
    {
        get => _neverEndedAfter;
        set =>
            _neverEndedAfter =
                value >= TimeSpan.Zero
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(NeverEndedAfter)} must not be negative.");
    }

    /// <summary>
    /// Gets or sets the number of threads from which a connection that is not deferred is reported as <see cref="SignalFindingKind.ManyThreads"/>. The
    /// default is 2, and the maximum is 16.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 2 or more than 16.</exception>
    public int ManyThreads
    {
        get => _manyThreads;
        set =>
            _manyThreads = value is >= 2 and <= ThreadSet.Limit
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(ManyThreads)} must be from 2 to {ThreadSet.Limit}.");
    }
}
