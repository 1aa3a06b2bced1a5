using System.Threading.Channels;

namespace Signals;

/// <summary>How an evaluator behaves where there is a choice. Its constructor copies them.</summary>
public sealed class ConnectionEvaluatorOptions
{
    private int? _capacity;
    private BoundedChannelFullMode _fullMode;

    /// <summary>
    /// How many invocations may wait for the next evaluation, or null for as many as come. What an evaluation under way has taken does not
    /// count any more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int? Capacity
    {
        get => _capacity;
        set =>
            _capacity =
                value is null or >= 1
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Capacity)} must be at least 1, or null for no limit.");
    }

    /// <summary>
    /// What an emission does when the capacity is used up. <see cref="BoundedChannelFullMode.Wait"/>, the default, blocks the emitting thread
    /// until there is room, the evaluator is disposed or the connection ends; the thread that is evaluating never waits for itself and
    /// goes beyond the capacity instead. The other modes drop an invocation, which <see cref="ConnectionEvaluator.DroppedCount"/> counts.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the modes.</exception>
    public BoundedChannelFullMode FullMode
    {
        get => _fullMode;
        set =>
            _fullMode = Enum.IsDefined(value)
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(FullMode)} must be one of the modes of {nameof(BoundedChannelFullMode)}.");
    }

    /// <summary>
    /// Takes what slots throw while the evaluator evaluates by itself, on the thread where that happened. When it is null, the exception is
    /// not caught there: it ends the process, as on any thread, or goes to the synchronisation context. Evaluating by hand always throws to the caller.
    /// </summary>
    public Action<Exception>? ExceptionHandler { get; set; }
}
