using System.Runtime.ExceptionServices;

namespace Signals.Reactive;

/// <summary>Exceptions of steps that are all taken, whatever the others throw; thrown when the last step has been taken.</summary>
internal struct Failures
{
    /// <summary>The exceptions in the order in which they were added, or null if there is none.</summary>
    private List<Exception>? _exceptions;

    /// <summary>Takes a step, and keeps what it throws.</summary>
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

    /// <summary>One exception as it is, several as one <see cref="AggregateException"/>, or null.</summary>
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
