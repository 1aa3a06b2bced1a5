namespace Signals;

/// <summary>Runs deferred slots on the thread pool, one at a time and in order. It holds no thread while there is nothing to run.</summary>
/// <remarks>
/// What a slot throws goes to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>; without one it is unhandled and ends the process.
/// </remarks>
public sealed class ThreadPoolEvaluator : ConnectionEvaluator
{
    private readonly Pump _pump;

    /// <summary>Makes an evaluator without a limit.</summary>
    public ThreadPoolEvaluator()
        : this(new ConnectionEvaluatorOptions()) { }

    /// <summary>Makes an evaluator with options.</summary>
    /// <param name="options">How much it queues, what happens beyond, and who takes exceptions.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ThreadPoolEvaluator(ConnectionEvaluatorOptions options)
        : base(options) =>
        _pump = new Pump(this, options.ExceptionHandler, static pump => ThreadPool.UnsafeQueueUserWorkItem(pump, preferLocal: false));

    private protected override bool MayBeInterrupted => false;

    /// <inheritdoc/>
    protected override void OnInvocationAdded() => _pump.Request();

    private protected override void OnInvocationsWaiting() => _pump.Request();
}
