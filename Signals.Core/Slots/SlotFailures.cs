using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>What slots threw in one round, and what becomes of it when the round is over.</summary>
internal sealed class SlotFailures
{
    /// <summary>The exception of the first slot, with the slot. Keeping it allocates nothing, so it is kept in any case.</summary>
    private (Exception Exception, Delegate Slot)? _first;

    /// <summary>The exceptions of the other slots, or null.</summary>
    private List<(Exception Exception, Delegate Slot)>? _others;

    /// <summary>Number of exceptions that could not be kept because there was no memory.</summary>
    private int _unkept;

    /// <summary>Hands an exception to the handler of the slot's signal, or keeps it in the order of the slots. Never fails.</summary>
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
        catch (Exception ofHandler)
        {
            Keep(ofHandler, handler);
        }
    }

    /// <summary>Throws one exception as it was thrown first, several as one <see cref="AggregateException"/>.</summary>
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

    private void Keep(Exception exception, Delegate slot)
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
            // The other slots still have to run. The exception that is thrown afterwards says how many are missing.
            _unkept++;
        }
    }
}
