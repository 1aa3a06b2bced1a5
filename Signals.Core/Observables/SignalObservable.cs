using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>Signals as observables, and observables into signals, without a package: <see cref="IObservable{T}"/> is part of .NET.</summary>
public static class SignalObservable
{
    /// <summary>
    /// Shows a signal without arguments as an observable of one value, which each emission repeats. See <see cref="AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <param name="value">What observers are given.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this ISignal signal, T value)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new RepeatingSignal<T>(signal, value);
    }

    /// <summary>
    /// Shows a signal as an observable. Subscribing connects, disposing the subscription disconnects; disposing the signal completes every
    /// observer once, and subscribing to a disposed signal completes at once. Values come on the thread that emits.
    /// </summary>
    /// <remarks>
    /// Emissions are not serialised, nor is the completion with those that run on other threads, as with Rx's own subjects: an observer hears what several threads emit
    /// at the same time, and when a signal is disposed while another thread emits it, that thread may still finish the one call that it had already
    /// fetched, beside the completion or behind it. Where that may happen, put Rx's <c>Synchronize()</c> behind this. On one thread, also from
    /// inside a value, nothing follows the completion.
    /// </remarks>
    /// <typeparam name="T">The type of the signal's argument.</typeparam>
    /// <param name="signal">The signal. A class that is not of this library never completes its observers.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<T> AsObservable<T>(this ISignal<T> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T>, T>(signal, static slot => slot.Next, signal.Connect);
    }

    /// <summary>Shows a signal with two arguments as an observable of pairs. See <see cref="AsObservable{T}(ISignal{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2)> AsObservable<T1, T2>(this ISignal<T1, T2> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2>, (T1, T2)>(signal, static slot => slot.Next, signal.Connect);
    }

    /// <summary>Shows a signal with three arguments as an observable of triples. See <see cref="AsObservable{T}(ISignal{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2, T3)> AsObservable<T1, T2, T3>(this ISignal<T1, T2, T3> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2, T3>, (T1, T2, T3)>(signal, static slot => slot.Next, signal.Connect);
    }

    /// <summary>Shows a signal with four arguments as an observable of tuples. See <see cref="AsObservable{T}(ISignal{T})"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<(T1, T2, T3, T4)> AsObservable<T1, T2, T3, T4>(this ISignal<T1, T2, T3, T4> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SubscribableSignal<Action<T1, T2, T3, T4>, (T1, T2, T3, T4)>(signal, static slot => slot.Next, signal.Connect);
    }

    /// <summary>Emits a signal with each value of an observable, on the thread that the value comes on.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable. What a slot of the signal throws goes back to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable ends.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it, so none is lost.</param>
    /// <param name="onCompleted">Called when the observable completes; nothing happens without it.</param>
    /// <returns>Disposing it unsubscribes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo<T>(
        this IObservable<T> source,
        Signal<T> target,
        Action<Exception>? onError = null,
        Action? onCompleted = null
    )
    {
        ArgumentNullException.ThrowIfNull(target);
        return Subscribe(source, target.Emit, onError, onCompleted);
    }

    /// <summary>Emits a signal with each pair of an observable. See <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="target">The signal to emit.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it.</param>
    /// <param name="onCompleted">Called when the observable completes; nothing happens without it.</param>
    /// <returns>Disposing it unsubscribes.</returns>
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

    /// <summary>Emits a signal with each triple of an observable. See <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="target">The signal to emit.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it.</param>
    /// <param name="onCompleted">Called when the observable completes; nothing happens without it.</param>
    /// <returns>Disposing it unsubscribes.</returns>
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

    /// <summary>Emits a signal with each tuple of an observable. See <see cref="ConnectTo{T}(IObservable{T}, Signal{T}, Action{Exception}?, Action?)"/>.</summary>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second argument.</typeparam>
    /// <typeparam name="T3">The type of the third argument.</typeparam>
    /// <typeparam name="T4">The type of the fourth argument.</typeparam>
    /// <param name="source">The observable.</param>
    /// <param name="target">The signal to emit.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it.</param>
    /// <param name="onCompleted">Called when the observable completes; nothing happens without it.</param>
    /// <returns>Disposing it unsubscribes.</returns>
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

    private static IDisposable Subscribe<T>(
        [NotNull] IObservable<T>? source,
        Action<T> emit,
        Action<Exception>? onError,
        Action? onCompleted
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.Subscribe(new EmittingObserver<T>(emit, onError, onCompleted));
    }
}
