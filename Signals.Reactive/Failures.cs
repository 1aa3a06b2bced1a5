using System.Runtime.ExceptionServices;

namespace Signals.Reactive;

/// <summary>Exceptions of steps that all run, even if others throw; thrown after the last step.</summary>
internal struct Failures
{
    /// <summary>The exceptions in the order in which they were added, or null if there is none.</summary>
    private List<Exception>? _exceptions;

    /// <summary>Runs a step, and keeps the exception that it throws.</summary>
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

    /// <summary>Returns one exception as it is, several as one <see cref="AggregateException"/>, or null.</summary>
    internal readonly Exception? ToException() => _exceptions is null ? null : _exceptions.Count == 1 ? _exceptions[0] : new AggregateException(_exceptions);

    /// <summary>Throws what <see cref="ToException"/> returns, with the stack trace that it has.</summary>
    internal readonly void ThrowIfAny()
    {
        if (ToException() is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }
}
