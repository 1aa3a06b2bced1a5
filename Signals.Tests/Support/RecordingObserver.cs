namespace Signals.Tests.Support;

/// <summary>Observer that records its notifications in order.</summary>
internal sealed class RecordingObserver<T> : IObserver<T>
{
    internal List<T> Values { get; } = [];

    internal List<Exception> Errors { get; } = [];

    internal int Completions { get; private set; }

    /// <summary>Gets or sets the action that runs while each value is handled.</summary>
    internal Action<T>? OnValue { get; set; }

    /// <summary>Gets or sets the action that runs while the completion or the error is handled.</summary>
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
