namespace Signals.Reactive;

/// <summary>Evaluators in Rx pipelines.</summary>
public static class EvaluatorObservable
{
    /// <summary>Makes a scheduler of an evaluator, for operators that take one. Keep it: see <see cref="EvaluatorScheduler"/>.</summary>
    /// <param name="evaluator">Runs the work.</param>
    /// <param name="timeProvider">The time that work waits for, or null for the system's.</param>
    /// <returns>A new scheduler.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="evaluator"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The evaluator has been disposed.</exception>
    public static EvaluatorScheduler ToScheduler(this ConnectionEvaluator evaluator, TimeProvider? timeProvider = null) =>
        new(evaluator, timeProvider);

    /// <summary>
    /// Delivers values, and the end behind them, where an evaluator is evaluated, in the order in which they come. A value is queued like a deferred
    /// slot's arguments: nothing is allocated for it in a steady state.
    /// </summary>
    /// <remarks>
    /// <para>Disposing the subscription takes what is queued out of the evaluator. Disposing the evaluator does too, and ends the subscription to
    /// the source: nothing more is delivered then, not even the end of the source. Subscribing when the evaluator has been disposed is the same: the
    /// source is not subscribed to, and nothing is delivered.</para>
    /// <para>What an observer throws is thrown by the evaluation, and later values are still delivered. What unsubscribing from the source throws at
    /// its end is thrown there too, when the observer has been told of the end. An evaluator with a capacity that drops
    /// invocations drops values, but not the end.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <returns>An observable whose observers are called by the evaluator.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<T> ObserveOn<T>(this IObservable<T> source, ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(evaluator);
        return new ObservedOnEvaluator<T>(source, evaluator);
    }

    /// <summary>
    /// Subscribes where an evaluator is evaluated, and unsubscribes there. Values come on whatever thread the source calls: see <see cref="ObserveOn{T}"/>
    /// for these.
    /// </summary>
    /// <remarks>
    /// <para>Disposing the subscription before the evaluator has come to it means that the source is never subscribed to. When the evaluator has been
    /// disposed, disposing the subscription unsubscribes at once on the calling thread, and subscribing does nothing: the source is not subscribed to.</para>
    /// <para>A capacity of the evaluator applies to neither: both are queued beyond it, are not dropped, and do not wait.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="evaluator">The evaluator.</param>
    /// <returns>An observable that is subscribed to by the evaluator.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IObservable<T> SubscribeOn<T>(this IObservable<T> source, ConnectionEvaluator evaluator)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(evaluator);
        return new SubscribedOnEvaluator<T>(source, evaluator);
    }
}
