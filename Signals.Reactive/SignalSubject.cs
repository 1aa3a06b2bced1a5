using System.Reactive.Subjects;

namespace Signals.Reactive;

/// <summary>A signal as a subject.</summary>
internal sealed class SignalSubject<T>(Signal<T> signal) : ISubject<T>
{
    /// <summary>The error that the subject ended with, or null.</summary>
    private volatile Exception? _error;

    /// <summary>Indicates whether an observer has taken the error.</summary>
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

        // Checked afterwards: only then is it known that an observer received the error, and was not unsubscribed by another one's end.
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

    /// <summary>The error that an observer ends with, or null if it completes.</summary>
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
