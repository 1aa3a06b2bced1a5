namespace Signals;

/// <summary>
/// Runs deferred slots on a <see cref="SynchronizationContext"/>, for example on the thread of a user interface. At most one callback is
/// posted at a time, regardless of the number of queued invocations.
/// </summary>
/// <remarks>
/// <para>Exceptions of slots are passed to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>. If there is no handler, they
/// propagate to the context.</para>
/// <para>A context that has ended may drop callbacks without an exception. Invocations then remain queued, and after the garbage collector
/// has found the dropped callback unreachable, the next emission posts another one. Dispose the evaluator when the context ends, so that no
/// further invocations are queued for it.</para>
/// <para>All members are thread-safe.</para>
/// </remarks>
public sealed class SynchronizationContextEvaluator : ConnectionEvaluator
{
    private readonly Pump _pump;

    /// <summary>Initializes an evaluator that runs slots on a context, with the default options.</summary>
    /// <param name="context">The context, usually <see cref="SynchronizationContext.Current"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public SynchronizationContextEvaluator(SynchronizationContext context)
        : this(context, new ConnectionEvaluatorOptions()) { }

    /// <summary>Initializes an evaluator that runs slots on a context, with the specified options.</summary>
    /// <param name="context">The context, usually <see cref="SynchronizationContext.Current"/>.</param>
    /// <param name="options">The options. They are copied.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> or <paramref name="options"/> is null.</exception>
    public SynchronizationContextEvaluator(SynchronizationContext context, ConnectionEvaluatorOptions options)
        : base(options)
    {
        ArgumentNullException.ThrowIfNull(context);
        var poster = new ContextPoster(context);
        _pump = new Pump(this, options.ExceptionHandler, poster.Post);
    }

    private protected override bool MayBeInterrupted => false;

    /// <inheritdoc/>
    protected override void OnInvocationAdded() => _pump.Request();

    private protected override void OnInvocationsWaiting() => _pump.Request();
}
