using System.Reactive;
using System.Reactive.Subjects;

namespace Signals.Reactive;

/// <summary>Signals where Rx's own types are wanted. What needs none of these is in <see cref="SignalObservable"/>.</summary>
public static class ReactiveSignal
{
    /// <summary>
    /// Shows a signal without arguments as an observable. Subscribing connects, disposing the subscription disconnects; disposing the signal completes
    /// every observer once, and subscribing to a disposed signal completes at once.
    /// </summary>
    /// <param name="signal">The signal.</param>
    /// <returns>An observable that may be subscribed to any number of times.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signal"/> is null.</exception>
    public static IObservable<Unit> AsObservable(this ISignal signal) => signal.AsObservable(Unit.Default);

    /// <summary>Emits a signal without arguments with each value of an observable, on the thread that the value comes on.</summary>
    /// <param name="source">The observable. What a slot of the signal throws goes back to it.</param>
    /// <param name="target">The signal to emit. It is not disposed when the observable ends.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it, so none is lost.</param>
    /// <param name="onCompleted">Called when the observable completes; nothing happens without it.</param>
    /// <returns>Disposing it unsubscribes.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> or <paramref name="target"/> is null.</exception>
    public static IDisposable ConnectTo(
        this IObservable<Unit> source,
        Signal target,
        Action<Exception>? onError = null,
        Action? onCompleted = null
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        var units = new Signal<Unit>();
        units.Connect(target.Emit);
        return source.ConnectTo(units, onError, onCompleted);
    }

    /// <summary>Subscribes to an observable and emits a signal with each of its values. Values that come before anything is connected are lost.</summary>
    /// <remarks>
    /// When the observable ends, or what is returned is disposed, the signal is disposed: its connections end, and its observers complete. The end of
    /// the observable calls <paramref name="onError"/> or <paramref name="onCompleted"/> after that, whatever unsubscribing and the signal's observers throw. What
    /// these throw, and an error without <paramref name="onError"/>, is thrown to the observable when all of it has been done: one exception as it is, several as
    /// one <see cref="AggregateException"/>.
    /// </remarks>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="source">The observable. What a slot of the signal throws goes back to it.</param>
    /// <param name="onError">Takes the observable's error; without it the error is thrown where the observable reports it, so none is lost.</param>
    /// <param name="onCompleted">Called when the observable completes.</param>
    /// <returns>The owner of the signal and of the subscription: disposing it ends both.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static SubscribedSignal<T> ToSignal<T>(this IObservable<T> source, Action<Exception>? onError = null, Action? onCompleted = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        var owner = new SubscribedSignal<T>(onError, onCompleted);
        owner.SubscribeTo(source);
        return owner;
    }

    /// <summary>
    /// Shows a signal as a subject: what is passed to the subject is emitted, and observers of the subject hear what anybody emits.
    /// </summary>
    /// <remarks>
    /// <para>Completing the subject, or giving it an error, disposes the signal. Observers that subscribed through the subject end with the error, also
    /// those that subscribe later; to the signal's other observers an error is completion, since a signal knows no errors. If no observer that subscribed through
    /// the subject takes the error, <see cref="IObserver{T}.OnError"/> throws it, together with what the signal's observers throw, so none is lost.</para>
    /// <para>Each call makes a subject of its own, which has its own error. Thread-safe, as the signal is: it serialises nothing.</para>
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
