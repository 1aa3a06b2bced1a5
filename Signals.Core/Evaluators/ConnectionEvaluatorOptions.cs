using System.Threading.Channels;

namespace Signals;

/// <summary>Options of an evaluator. The evaluator's constructor copies them, so later changes do not affect it.</summary>
public sealed class ConnectionEvaluatorOptions
{
    private int? _capacity;
    private BoundedChannelFullMode _fullMode;

    /// <summary>
    /// Gets or sets the maximum number of queued invocations, or null for no limit. The default is null. Invocations that an active
    /// evaluation has taken from the queue do not count.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int? Capacity
    {
        get => _capacity;
        set => _capacity = OptionValue.Limit(value);
    }

    /// <summary>
    /// Gets or sets the behavior of an emission when the queue is full. The default is <see cref="BoundedChannelFullMode.Wait"/>.
    /// </summary>
    /// <remarks>
    /// <see cref="BoundedChannelFullMode.Wait"/> blocks the emitting thread until there is room, the connection ends, or the evaluator is
    /// disposed. The thread that is evaluating never waits for itself; its emissions exceed the capacity instead. The other modes drop an
    /// invocation, and <see cref="ConnectionEvaluator.DroppedCount"/> increases.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined <see cref="BoundedChannelFullMode"/>.</exception>
    public BoundedChannelFullMode FullMode
    {
        get => _fullMode;
        set => _fullMode = OptionValue.Defined(value);
    }

    /// <summary>
    /// Gets or sets the name under which the evaluator is measured, or null if it is not measured. The default is null. Several evaluators may have
    /// the same name: they are measured together.
    /// </summary>
    /// <remarks>
    /// The meter "Signals.Core" has an attribute with the name. Use few names, and no name for evaluators that come and go. A
    /// <see cref="ThreadEvaluator"/> without this name is measured under the name of its thread.
    /// </remarks>
    public string? Name { get; set; }

    /// <summary>
    /// Gets or sets the handler that is called with exceptions of slots when the evaluator evaluates automatically, on the thread that ran the
    /// slots. The default is null.
    /// </summary>
    /// <remarks>
    /// If no handler is set, the exception is unhandled and ends the process, or propagates to the synchronization context. Explicit calls
    /// of <see cref="ConnectionEvaluator.EvaluateDeferredConnections()"/> do not use the handler and throw to the caller.
    /// </remarks>
    public Action<Exception>? ExceptionHandler { get; set; }
}
