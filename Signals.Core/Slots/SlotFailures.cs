using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>Collects the exceptions of slots in one emission or evaluation, and throws them at its end.</summary>
internal sealed class SlotFailures
{
    /// <summary>The first exception and its slot. Keeping it allocates no memory, so it is always kept.</summary>
    private (Exception Exception, Delegate Slot)? _first;

    /// <summary>The further exceptions and their slots, or null.</summary>
    private List<(Exception Exception, Delegate Slot)>? _others;

    /// <summary>Number of exceptions that could not be kept because there was not enough memory.</summary>
    private int _unkept;

    /// <summary>Passes an exception to the handler of the slot's signal or, if there is no handler, keeps it. Cannot fail.</summary>
    internal void Add(Exception exception, Delegate slot, ConnectionHandle connection)
    {
        if (connection.Signal?.ExceptionHandler is not { } handler)
        {
            Keep(exception, slot);
            return;
        }

        try
        {
            handler(exception, connection);
        }
        catch (Exception handlerException)
        {
            Keep(handlerException, handler);
        }
    }

    /// <summary>Throws a single exception as it was thrown, and several as an <see cref="AggregateException"/>.</summary>
    internal void ThrowIfAny(string source)
    {
        if (_first is not { } first)
        {
            return;
        }

        if (_others is null && _unkept == 0)
        {
            ExceptionDispatchInfo.Throw(first.Exception);
        }

        throw ManySlotsException.Of(source, [first, .. _others ?? []], _unkept);
    }

    /// <summary>Keeps an exception that no handler has received. Cannot fail.</summary>
    internal void Keep(Exception exception, Delegate slot)
    {
        if (_first is null)
        {
            _first = (exception, slot);
            return;
        }

        try
        {
            (_others ??= []).Add((exception, slot));
        }
        catch (OutOfMemoryException)
        {
            // The other slots still have to run. The exception that is thrown afterwards contains the number of missing ones.
            _unkept++;
        }
    }
}
