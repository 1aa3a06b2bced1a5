using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>
/// Owner of a signal that is emitted with the values of an observable, and of the subscription to that observable: see
/// <see cref="ReactiveSignal.ToSignal{T}(IObservable{T}, Action{Exception}?, Action?)"/>.
/// </summary>
/// <remarks>All members are thread-safe. If the object is never disposed, the subscription lasts until the observable terminates.</remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class SubscribedSignal<T> : IDisposable
{
    private readonly Signal<T> _signal = new();
    private readonly Action<Exception>? _onError;
    private readonly Action? _onCompleted;
    private SingleAssignmentDisposableValue _subscription;

    internal SubscribedSignal(Action<Exception>? onError, Action? onCompleted)
    {
        _onError = onError;
        _onCompleted = onCompleted;
    }

    /// <summary>Gets the signal, which is disposed when the observable terminates or this object is disposed.</summary>
    public ISignal<T> Signal => _signal;

    /// <summary>Unsubscribes from the observable and disposes the signal.</summary>
    /// <exception cref="Exception">
    /// The unsubscription or an observer of the signal threw. The exception is thrown after both steps: a single one as it was thrown, several as an
    /// <see cref="AggregateException"/>.
    /// </exception>
    public void Dispose()
    {
        Failures failures = default;
        End(ref failures);
        failures.ThrowIfAny();
    }

    internal void SubscribeTo(IObservable<T> source) => _subscription.Disposable = source.ConnectTo(_signal, OnError, OnCompleted);

    private void OnError(Exception error)
    {
        Failures failures = default;
        if (_onError is null)
        {
            // First, because it is the cause of the other exceptions.
            failures.Add(error);
        }

        End(ref failures);
        if (_onError is not null)
        {
            failures.Try(() => _onError(error));
        }

        failures.ThrowIfAny();
    }

    private void OnCompleted()
    {
        Failures failures = default;
        End(ref failures);
        if (_onCompleted is not null)
        {
            failures.Try(_onCompleted);
        }

        failures.ThrowIfAny();
    }

    private void End(ref Failures failures)
    {
        failures.Try(() => _subscription.Dispose());
        failures.Try(_signal.Dispose);
    }
}
