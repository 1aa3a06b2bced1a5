using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>The exceptions of the slots and effects of one telling.</summary>
internal struct PropertyFailures
{
    private List<Exception>? _exceptions;

    internal void Add(Exception exception) => (_exceptions ??= []).Add(exception);

    /// <summary>Adds what the emission of a signal has thrown: several exceptions if they are those of several slots.</summary>
    internal void AddFromSignal(Exception exception)
    {
        if (exception is AggregateException several && IsOfManySlots(several))
        {
            (_exceptions ??= []).AddRange(several.InnerExceptions);
        }
        else
        {
            Add(exception);
        }
    }

    /// <summary>Determines whether a signal has created an exception, and not one of its slots.</summary>
    private static bool IsOfManySlots(AggregateException exception) =>
        exception.Message.StartsWith($"{exception.InnerExceptions.Count} slots of {nameof(Signal)}", StringComparison.Ordinal);

    /// <summary>Throws a single exception as it was thrown, and several as an <see cref="AggregateException"/>.</summary>
    internal readonly void ThrowIfAny()
    {
        if (_exceptions is null)
        {
            return;
        }

        if (_exceptions.Count == 1)
        {
            ExceptionDispatchInfo.Throw(_exceptions[0]);
        }

        throw new AggregateException($"{_exceptions.Count} slots and effects threw exceptions after a change of properties.", _exceptions);
    }
}
