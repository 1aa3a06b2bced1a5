using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>
/// A signal that is emitted with an observable's values, and the subscription that does it: see
/// <see cref="ReactiveSignal.ToSignal{T}(IObservable{T}, Action{Exception}?, Action?)"/>.
/// </summary>
/// <remarks>Thread-safe. One that is never disposed goes on until the observable ends.</remarks>
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

    /// <summary>The signal, which is disposed when the observable ends or this is disposed.</summary>
    public ISignal<T> Signal => _signal;

    /// <summary>Unsubscribes from the observable and disposes the signal.</summary>
    /// <exception cref="Exception">
    /// Exception of the unsubscription or of an observer of the signal, thrown after both have run; several as an <see cref="AggregateException"/>.
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
            // First: it is what the others follow from.
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
