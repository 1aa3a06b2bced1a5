using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;

namespace Signals.Reactive;

/// <summary>A signal as a subject.</summary>
internal sealed class SignalSubject<T>(Signal<T> signal) : ISubject<T>
{
    /// <summary>How many observers there are.</summary>
    private int _observers;

    /// <summary>What the subject ended with, or null.</summary>
    private volatile Exception? _error;

    /// <summary>The error that observers end with, or null if they complete.</summary>
    internal Exception? Error => _error;

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
        bool isHeard = Volatile.Read(ref _observers) != 0;
        signal.Dispose();
        if (!isHeard)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var subscription = new SubjectObserver<T>(this, observer);
        subscription.SubscribeTo(signal.AsObservable());
        return subscription;
    }

    internal void CountObserver(int change) => Interlocked.Add(ref _observers, change);
}
