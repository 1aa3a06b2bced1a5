namespace Signals;

/// <summary>Observer that waits for the end only.</summary>
internal sealed class EndObserver<T>(Action end) : IObserver<T>
{
    public void OnNext(T value) { }

    public void OnError(Exception error) { }

    public void OnCompleted() => end();
}
