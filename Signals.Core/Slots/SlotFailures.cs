using System.Runtime.ExceptionServices;

namespace Signals;

/// <summary>What slots threw in one round, and what becomes of it when the round is over.</summary>
internal sealed class SlotFailures
{
    private readonly List<Exception> _exceptions = [];
    private readonly List<string> _slots = [];

    /// <summary>Hands an exception to the handler of the slot's signal, or keeps it in the order of the slots.</summary>
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
        if (_exceptions.Count == 1)
        {
            ExceptionDispatchInfo.Throw(_exceptions[0]);
        }

        if (_exceptions.Count > 1)
        {
            throw new AggregateException($"{_exceptions.Count} slots of {source} threw: {string.Join(", ", _slots)}.", _exceptions);
        }
    }

    private void Keep(Exception exception, Delegate slot)
    {
        _exceptions.Add(exception);
        _slots.Add(TypeNames.Of(slot));
    }
}
