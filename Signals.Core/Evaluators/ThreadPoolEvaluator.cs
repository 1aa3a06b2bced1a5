namespace Signals;

/// <summary>Runs deferred slots on the thread pool, one at a time and in order. Uses no thread while no invocation is queued.</summary>
/// <remarks>
/// <para>Exceptions of slots are passed to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>. If there is no handler, they are
/// unhandled and end the process.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public sealed class ThreadPoolEvaluator : ConnectionEvaluator
{
    private readonly Pump _pump;

    /// <summary>Initializes an evaluator with the default options, whose queue has no limit.</summary>
    public ThreadPoolEvaluator()
        : this(new ConnectionEvaluatorOptions()) { }

    /// <summary>Initializes an evaluator with the specified options.</summary>
    /// <param name="options">The options. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    public ThreadPoolEvaluator(ConnectionEvaluatorOptions options)
        : base(options) => _pump = new Pump(this, options.ExceptionHandler, static pump => ThreadPool.UnsafeQueueUserWorkItem(pump, preferLocal: false));

    private protected override bool MayBeInterrupted => false;

    /// <inheritdoc/>
    protected override void OnInvocationAdded() => _pump.Request();

    private protected override void OnInvocationsWaiting() => _pump.Request();
}
