namespace Signals.Reactive;

/// <summary>What an observable said: a value, or its end.</summary>
internal readonly struct Notice<T>
{
    internal Notice(T value) => Value = value;

    internal Notice(Exception? error)
    {
        Value = default!;
        Error = error;
        IsEnd = true;
    }

    internal T Value { get; }

    /// <summary>Whether this is the end.</summary>
    internal bool IsEnd { get; }

    /// <summary>The error that the observable ended with, or null if it completed.</summary>
    internal Exception? Error { get; }
}
