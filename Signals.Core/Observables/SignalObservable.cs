using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// Extension methods that convert signals to observables and emit signals with the values of observables. They need no further package,
/// because <see cref="IObservable{T}"/> is part of .NET.
/// </summary>
/// <remarks>All methods are thread-safe.</remarks>
public static class SignalObservable
{
    /// <summary>
    /// Returns an observable that produces the same value for each emission of a signal without arguments. See
    /// <see cref="AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="value">The value that observers receive.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this ISignal signal, T value)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new RepeatingSignal<T>(signal, value);
    }

    /// <summary>
    /// Returns an observable of a signal's emissions. Subscribing connects the observer to the signal, and disposing the subscription ends
    /// the connection. Disposing the signal completes each observer once. Observers receive values on the thread that emits.
    /// </summary>
    /// <remarks>
    /// <para>Subscribing to a disposed signal completes the observer immediately.</para>
    /// <para>The observable of a property, an <see cref="IReadOnlyProperty{T}"/>, begins with the current value.</para>
    /// <para>As with the subjects of Rx, emissions on several threads are not serialized, and neither is completion with emissions on other
    /// threads. Observers receive values that several threads emit concurrently. If a signal is disposed while another thread emits it,
    /// that thread may complete the one call for which it has already fetched the observer, during or after the completion. If this can
    /// happen, apply Rx's <c>Synchronize()</c> to the observable. On a single thread, no value follows the completion, even if the signal
    /// is disposed while the observer handles a value.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the signal's argument.</typeparam>
    /// <param name="signal">The signal. Another implementation of the interface completes the observers if it reports its disposal.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this ISignal<T> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (signal is IReadOnlyProperty<T> property)
        {
            return new PropertyObservable<T>(property);
        }

        return new SubscribableSignal<Action<T>, T>(signal, static slot => slot.Next, (slot, adapter) => Connector.Connect(signal, slot, adapter));
    }

    /// <summary>
    /// Returns an observable of the emissions of a signal with two arguments as pairs. See <see cref="AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2)> AsObservable<T1, T2>(this ISignal<T1, T2> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2>, (T1, T2)>(
            signal,
            static slot => slot.Next,
            (slot, adapter) => Connector.Connect(signal, slot, adapter)
        );
    }

    /// <summary>
    /// Returns an observable of the emissions of a signal with three arguments as triples. See <see cref="AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2, T3)> AsObservable<T1, T2, T3>(this ISignal<T1, T2, T3> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2, T3>, (T1, T2, T3)>(
            signal,
            static slot => slot.Next,
            (slot, adapter) => Connector.Connect(signal, slot, adapter)
        );
    }

    /// <summary>
    /// Returns an observable of the emissions of a signal with four arguments as tuples. See <see cref="AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2, T3, T4)> AsObservable<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2, T3, T4>, (T1, T2, T3, T4)>(
            signal,
            static slot => slot.Next,
            (slot, adapter) => Connector.Connect(signal, slot, adapter)
        );
    }

    /// <summary>Emits a signal with each value of an observable, on the thread on which the observable produces the value.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable terminates.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable, so that it is not lost.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The subscription. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo<T>(this IObservable<T> source, Signal<T> target, Action<Exception>? onError = null, Action? onCompleted = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Subscribe(source, target.Emit, onError, onCompleted);
    }

    /// <summary>
    /// Emits a signal with each pair that an observable produces. See
    /// <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable terminates.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The subscription. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo<T1, T2>(
        this IObservable<(T1, T2)> source,
        Signal<T1, T2> target,
        Action<Exception>? onError = null,
        Action? onCompleted = null
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        return Subscribe<(T1, T2)>(source, value => target.Emit(value.Item1, value.Item2), onError, onCompleted);
    }

    /// <summary>
    /// Emits a signal with each triple that an observable produces. See
    /// <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable terminates.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The subscription. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo<T1, T2, T3>(
        this IObservable<(T1, T2, T3)> source,
        Signal<T1, T2, T3> target,
        Action<Exception>? onError = null,
        Action? onCompleted = null
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        return Subscribe<(T1, T2, T3)>(source, value => target.Emit(value.Item1, value.Item2, value.Item3), onError, onCompleted);
    }

    /// <summary>
    /// Emits a signal with each tuple that an observable produces. See
    /// <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.
    /// </summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable terminates.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The subscription. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo<T1, T2, T3, T4>(
        this IObservable<(T1, T2, T3, T4)> source,
        Signal<T1, T2, T3, T4> target,
        Action<Exception>? onError = null,
        Action? onCompleted = null
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        return Subscribe<(T1, T2, T3, T4)>(source, value => target.Emit(value.Item1, value.Item2, value.Item3, value.Item4), onError, onCompleted);
    }

    private static IDisposable Subscribe<T>([NotNull] IObservable<T>? source, Action<T> emit, Action<Exception>? onError, Action? onCompleted)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Subscribe(new EmittingObserver<T>(emit, onError, onCompleted));
    }
}
