namespace Signals.Reactive;

/// <summary>One observer of a signal's subject.</summary>
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

    /// <summary>Never called: a signal knows no errors. The subject keeps its own.</summary>
    public void OnError(Exception error) => observer.OnError(error);
}
