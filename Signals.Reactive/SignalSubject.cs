using System.Reactive.Subjects;

namespace Signals.Reactive;

/// <summary>Subject that emits a signal and is observed through it.</summary>
internal sealed class SignalSubject<T>(Signal<T> signal) : ISubject<T>
{
    /// <summary>The error with which the subject terminated, or null.</summary>
    private volatile Exception? _error;

    /// <summary>Indicates whether an observer has received the error.</summary>
    private volatile bool _isErrorTaken;

    /// <inheritdoc/>
    public void OnNext(T value) => signal.Emit(value);

    /// <inheritdoc/>
    public void OnCompleted() => signal.Dispose();

    /// <inheritdoc/>
    public void OnError(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        if (signal.IsDisposed)
        {
            return;
        }

        _error = error;
        Failures failures = default;
        failures.Try(signal.Dispose);

        // Checked after the disposal, because an observer may be unsubscribed by the termination of another one before it receives the
        // error.
        if (!_isErrorTaken)
        {
            failures.Add(error);
        }

        failures.ThrowIfAny();
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return signal.AsObservable().Subscribe(new SubjectObserver<T>(this, observer));
    }

    /// <summary>
    /// Returns the error to pass to an observer, and marks it as received. Returns null if the observer is to be completed.
    /// </summary>
    internal Exception? TakeError()
    {
        if (_error is not { } error)
        {
            return null;
        }

        _isErrorTaken = true;
        return error;
    }
}
