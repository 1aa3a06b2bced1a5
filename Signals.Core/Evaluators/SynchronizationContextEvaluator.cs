namespace Signals;

/// <summary>
/// Runs deferred slots on a <see cref="SynchronizationContext"/>: the user interface's thread, for instance. However much is queued, one
/// callback at a time is posted.
/// </summary>
/// <remarks>
/// <para>An exception of a slot goes to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>, or to the
/// context if there is no handler.</para>
/// <para>A context that has ended may drop callbacks without an exception. Queued invocations then stay queued. When the garbage collector has found
/// the callback unreachable, the next emission posts another one. Dispose the evaluator when the context ends, so that nothing is queued
/// for it any more.</para>
/// </remarks>
public sealed class SynchronizationContextEvaluator : ConnectionEvaluator
{
    private readonly Pump _pump;

    /// <summary>Makes an evaluator that runs its slots on a context.</summary>
    /// <param name="context">The context, most often <see cref="SynchronizationContext.Current"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="context"/> is null.</exception>
    public SynchronizationContextEvaluator(SynchronizationContext context)
        : this(context, new ConnectionEvaluatorOptions()) { }

    /// <summary>Makes an evaluator that runs its slots on a context.</summary>
    /// <param name="context">The context, most often <see cref="SynchronizationContext.Current"/>.</param>
    /// <param name="options">How much it queues, what happens beyond, and who takes exceptions.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
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
