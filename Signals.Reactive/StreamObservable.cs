namespace Signals.Reactive;

/// <summary>
/// Extension methods that use asynchronous streams, such as the reply stream of a call to another process, in Rx pipelines.
/// </summary>
/// <remarks>All methods are thread-safe.</remarks>
public static class StreamObservable
{
    /// <summary>
    /// Returns an observable of the values of an asynchronous stream. Each subscription starts a new enumeration. Disposing the
    /// subscription cancels the token of the enumeration, and no notification is delivered afterwards.
    /// </summary>
    /// <remarks>
    /// <para>The enumeration starts on the thread that subscribes. Values are delivered on the threads on which the stream continues,
    /// without a synchronization context; use <see cref="EvaluatorObservable.ObserveOn{T}"/> to deliver them elsewhere. The next value is
    /// requested after the observer has returned.</para>
    /// <para>An exception of the stream is delivered as an error. If disposing the enumerator throws as well, the error is an
    /// <see cref="AggregateException"/> of both. Exceptions after the disposal of the subscription are not delivered. An exception of an
    /// observer ends the enumeration and is rethrown on the synchronization context that was current at the subscription, or otherwise on
    /// the thread pool, where it is unhandled.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>An observable, which supports as many subscriptions as the stream supports enumerations.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this IAsyncEnumerable<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new ObservedStream<T>(stream);
    }
}
