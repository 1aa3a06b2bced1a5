using System.Runtime.ExceptionServices;

namespace Signals.Reactive;

/// <summary>Collects the exceptions of steps, all of which run even if others throw, and throws them after the last step.</summary>
internal struct Failures
{
    /// <summary>The exceptions in the order in which they were added, or null if there is none.</summary>
    private List<Exception>? _exceptions;

    /// <summary>Runs a step and keeps its exception.</summary>
    internal void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception exception)
        {
            Add(exception);
        }
    }

    internal void Add(Exception exception) => (_exceptions ??= []).Add(exception);

    /// <summary>Returns a single exception as it is, several as an <see cref="AggregateException"/>, or null if there is none.</summary>
    internal readonly Exception? ToException() =>
        _exceptions is null ? null
        : _exceptions.Count == 1 ? _exceptions[0]
        : new AggregateException(_exceptions);

    /// <summary>Throws the result of <see cref="ToException"/>, if there is one, with its original stack trace.</summary>
    internal readonly void ThrowIfAny()
    {
        if (ToException() is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
