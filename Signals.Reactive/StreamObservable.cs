namespace Signals.Reactive;

/// <summary>Asynchronous streams, such as the answers to a call of another process, in Rx pipelines.</summary>
public static class StreamObservable
{
    /// <summary>
    /// Shows an asynchronous stream as an observable. Each subscription enumerates it anew; disposing the subscription cancels the token that the
    /// enumeration was given, and nothing is delivered afterwards.
    /// </summary>
    /// <remarks>
    /// <para>The enumeration begins on the thread that subscribes. Values come where the stream goes on, without any synchronisation context: use
    /// <see cref="EvaluatorObservable.ObserveOn{T}"/> to have them elsewhere. The next value is not asked for before the observer has returned.</para>
    /// <para>An exception of the stream becomes an error, together with one of its disposal if there are both;
    /// one that comes after the subscription has been disposed is not delivered to any observer. What an observer
    /// throws ends the enumeration, and is thrown again on the synchronisation context that was current when it subscribed or else on a thread of the
    /// pool, where it is not caught, like any exception that a slot throws there.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="stream">The stream.</param>
    /// <returns>An observable that may be subscribed to as often as the stream may be enumerated.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this IAsyncEnumerable<T> stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return new ObservedStream<T>(stream);
    }
}
