namespace Signals.Reactive;

/// <summary>Extension methods that use evaluators in Rx pipelines.</summary>
/// <remarks>All methods are thread-safe.</remarks>
public static class EvaluatorObservable
{
    /// <summary>
    /// Creates a scheduler for an evaluator, for operators that have a scheduler parameter. Create one scheduler for each evaluator and
    /// reuse it: see <see cref="EvaluatorScheduler"/>.
    /// </summary>
    /// <param name="evaluator">The evaluator that runs the work.</param>
    /// <param name="timeProvider">The time provider for timed work, or null for <see cref="TimeProvider.System"/>.</param>
    /// <returns>A new scheduler.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    public static EvaluatorScheduler ToScheduler(this ConnectionEvaluator evaluator, TimeProvider? timeProvider = null) => new(evaluator, timeProvider);

    /// <summary>
    /// Delivers the notifications of an observable on the thread that evaluates an evaluator, in their original order. Values are queued like the
    /// arguments of deferred slots, which allocates no memory in the steady state.
    /// </summary>
    /// <remarks>
    /// <para>Disposing the subscription removes queued notifications from the evaluator. Disposing the evaluator also removes them, and
    /// unsubscribes from the source; no further notification is delivered, not even the termination of the source. If the evaluator has
    /// already been disposed, subscribing does nothing: the source is not subscribed to, and no notification is delivered.</para>
    /// <para>Exceptions of an observer are thrown by the evaluation, and later values are still delivered. Exceptions of the unsubscription
    /// from the source at its termination are also thrown by the evaluation, after the termination has been delivered. An evaluator whose
    /// capacity drops invocations may drop values, but not the termination.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <returns>An observable whose observers are called by the evaluator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="evaluator"/> is null.</exception>
    public static IObservable<T> ObserveOn<T>(this IObservable<T> source, ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(evaluator);
        return new ObservedOnEvaluator<T>(source, evaluator);
    }

    /// <summary>
    /// Subscribes to an observable, and unsubscribes from it, on the thread that evaluates an evaluator. Values are delivered on the thread on
    /// which the source produces them; use <see cref="ObserveOn{T}"/> to deliver them on the thread that evaluates the evaluator.
    /// </summary>
    /// <remarks>
    /// <para>If the subscription is disposed before the evaluator has run it, the source is never subscribed to. If the evaluator has been
    /// disposed, disposing the subscription unsubscribes immediately on the calling thread, and subscribing does nothing: the source is not
    /// subscribed to.</para>
    /// <para>The capacity of the evaluator does not apply: subscribing and unsubscribing are queued even if the queue is full, are not
    /// dropped, and do not wait.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <returns>An observable that the evaluator subscribes to and unsubscribes from.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="evaluator"/> is null.</exception>
    public static IObservable<T> SubscribeOn<T>(this IObservable<T> source, ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(evaluator);
        return new SubscribedOnEvaluator<T>(source, evaluator);
    }
}
