namespace Signals.Reactive;

/// <summary>Observer that is subscribed through a signal's subject.</summary>
internal sealed class SubjectObserver<T>(SignalSubject<T> subject, IObserver<T> observer) : IObserver<T>
{
    /// <inheritdoc/>
    public void OnNext(T value) => observer.OnNext(value);

    /// <inheritdoc/>
    public void OnCompleted()
    {
        if (subject.TakeError() is { } error)
        {
            observer.OnError(error);
        }
        else
        {
            observer.OnCompleted();
        }
    }

    /// <summary>Never called, because a signal has no errors. The subject keeps its own error.</summary>
    public void OnError(Exception error) => observer.OnError(error);
}
