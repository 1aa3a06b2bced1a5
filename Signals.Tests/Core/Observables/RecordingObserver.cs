namespace Signals.Tests.Core.Observables;

/// <summary>An observer that remembers what it was told, in order.</summary>
internal sealed class RecordingObserver<T> : IObserver<T>
{
    internal List<T> Values { get; } = [];

    internal List<Exception> Errors { get; } = [];

    internal int Completions { get; private set; }

    /// <summary>Runs inside each value.</summary>
    internal Action<T>? OnValue { get; set; }

    /// <summary>Runs inside the completion or the error.</summary>
    internal Action? OnEnd { get; set; }

    public void OnNext(T value)
    {
        Values.Add(value);
        OnValue?.Invoke(value);
    }

    public void OnError(Exception error)
    {
        Errors.Add(error);
        OnEnd?.Invoke();
    }

    public void OnCompleted()
    {
        Completions++;
        OnEnd?.Invoke();
    }
}
