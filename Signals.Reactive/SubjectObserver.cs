using System.Reactive.Disposables;

namespace Signals.Reactive;

/// <summary>One observer of a signal's subject, and its subscription.</summary>
internal sealed class SubjectObserver<T>(SignalSubject<T> subject, IObserver<T> observer) : IObserver<T>, IDisposable
{
    private SingleAssignmentDisposableValue _subscription;

    /// <summary>1 once it is counted no longer.</summary>
    private int _gone;

    internal void SubscribeTo(IObservable<T> source)
    {
        subject.CountObserver(1);
        _subscription.Disposable = source.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnNext(T value) => observer.OnNext(value);

    /// <inheritdoc/>
    public void OnCompleted()
    {
        Leave();
        if (subject.Error is { } error)
        {
            observer.OnError(error);
        }
        else
        {
            observer.OnCompleted();
        }
    }

    /// <summary>Never called: a signal knows no errors. The subject keeps its own.</summary>
    public void OnError(Exception error) => observer.OnError(error);

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription.Dispose();
        Leave();
    }

    private void Leave()
    {
        if (Interlocked.Exchange(ref _gone, 1) == 0)
        {
            subject.CountObserver(-1);
        }
    }
}
