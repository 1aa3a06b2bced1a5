using System.Reactive.Disposables;
using System.Runtime.ExceptionServices;

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
    public void Dispose()
    {
        _subscription.Dispose();
        _signal.Dispose();
    }

    internal void SubscribeTo(IObservable<T> source) => _subscription.Disposable = source.ConnectTo(_signal, OnError, OnCompleted);

    private void OnError(Exception error)
    {
        Dispose();
        if (_onError is null)
        {
            ExceptionDispatchInfo.Throw(error);
        }

        _onError(error);
    }

    private void OnCompleted()
    {
        Dispose();
        _onCompleted?.Invoke();
    }
}
