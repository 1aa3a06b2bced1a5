namespace Signals;

/// <summary>
/// Runs deferred slots on a <see cref="SynchronizationContext"/>: the user interface's thread, for instance. However much is queued, one
/// callback at a time is posted.
/// </summary>
/// <remarks>What a slot throws goes to the <see cref="ConnectionEvaluatorOptions.ExceptionHandler"/>, or else to the context.</remarks>
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
        _pump = new Pump(this, options.ExceptionHandler, pump => context.Post(static pump => ((Pump)pump!).Run(), pump));
    }

    /// <inheritdoc/>
    protected override void OnInvocationAdded() => _pump.Request();
}
