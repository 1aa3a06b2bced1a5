using System.Reactive;
using System.Reactive.Subjects;

namespace Signals.Reactive;

/// <summary>
/// Extension methods that convert between signals and types of Rx. Conversions that do not need types of Rx are in
/// <see cref="SignalObservable"/>.
/// </summary>
/// <remarks>All methods are thread-safe.</remarks>
public static class ReactiveSignal
{
    /// <summary>
    /// Returns an observable of the emissions of a signal without arguments. Subscribing connects the observer to the signal, and disposing
    /// the subscription ends the connection. Disposing the signal completes each observer once, and subscribing to a disposed signal
    /// completes the observer immediately. See <see cref="SignalObservable.AsObservable{T}(ISignal{T})"/>.
    /// </summary>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable, which supports any number of subscriptions.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<Unit> AsObservable(this ISignal signal) => signal.AsObservable(Unit.Default);

    /// <summary>
    /// Emits a signal without arguments for each value of an observable, on the thread on which the observable produces the value.
    /// </summary>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable terminates.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable, so that it is not lost.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The subscription. Dispose it to unsubscribe.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo(this IObservable<Unit> source, Signal target, Action<Exception>? onError = null, Action? onCompleted = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var units = new Signal<Unit>();
        units.Connect(target.Emit);
        return source.ConnectTo(units, onError, onCompleted);
    }

    /// <summary>
    /// Subscribes to an observable and emits a new signal with each of its values. Values that the observable produces before a slot is
    /// connected are lost.
    /// </summary>
    /// <remarks>
    /// When the observable terminates, or the returned object is disposed, the signal is disposed: its connections end, and its observers
    /// are completed. If the observable terminates, <paramref name="onError"/> or <paramref name="onCompleted"/> is then called, even if
    /// the unsubscription or an observer of the signal throws. After that, all exceptions of these steps, and the observable's error if
    /// <paramref name="onError"/> is null, are thrown to the observable: a single exception as it is, several as an
    /// <see cref="AggregateException"/>.
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable. Exceptions of the signal's slots propagate to it.</param>
    /// <param name="onError">
    /// The delegate that is called with the observable's error. If null, the error is thrown to the observable, so that it is not lost.
    /// </param>
    /// <param name="onCompleted">The delegate that is called when the observable completes, or null.</param>
    /// <returns>The owner of the signal and of the subscription. Dispose it to unsubscribe and to dispose the signal.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static SubscribedSignal<T> ToSignal<T>(this IObservable<T> source, Action<Exception>? onError = null, Action? onCompleted = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var owner = new SubscribedSignal<T>(onError, onCompleted);
        owner.SubscribeTo(source);
        return owner;
    }

    /// <summary>
    /// Returns a subject for a signal: each value that is passed to the subject is emitted, and observers of the subject receive all
    /// emissions of the signal.
    /// </summary>
    /// <remarks>
    /// <para>Completing the subject, or passing an error to it, disposes the signal. Observers that subscribed through the subject receive
    /// the error, even if they subscribe later. The other observers of the signal are completed, because a signal has no errors. If no
    /// observer that subscribed through the subject receives the error, <see cref="IObserver{T}.OnError"/> throws it, together with
    /// exceptions of the signal's observers, so that it is not lost.</para>
    /// <para>Each call returns a separate subject with its own error. The subject is thread-safe, like the signal, but does not serialize
    /// notifications.</para>
    /// </remarks>
    /// <typeparam name="T">The type of the signal's argument.</typeparam>
    /// <param name="signal">The signal.</param>
    /// <returns>The subject.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static ISubject<T> AsSubject<T>(this Signal<T> signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return new SignalSubject<T>(signal);
    }
}
