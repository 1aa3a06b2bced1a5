using System.Diagnostics.CodeAnalysis;

namespace Signals;

/// <summary>
/// The part of an emission that is left when a slot has thrown or the table has been replaced. It runs the remaining slots one by one, and keeps
/// the exceptions.
/// </summary>
internal ref struct SlotWalk
{
    private readonly SignalBase _signal;
    private SlotCursor _cursor;

    /// <summary>The running slot, which may have been disconnected meanwhile.</summary>
    private Delegate? _running;

    /// <summary>Id of the running slot: see <see cref="DenseId"/>.</summary>
    private ulong _id;

    /// <summary>The exceptions of the slots, or null.</summary>
    private SlotFailures? _failures;

    /// <summary>Initializes the rest of an emission.</summary>
    /// <param name="signal">The signal that is emitted.</param>
    /// <param name="dense">The table of its slots.</param>
    /// <param name="next">The position of the next slot.</param>
    /// <param name="end">The position after the last slot that was connected when the emission began.</param>
    internal SlotWalk(SignalBase signal, DenseTable<Delegate?> dense, int next, int end)
    {
        _signal = signal;
        _cursor = new SlotCursor(signal, dense, next, end);
    }

    /// <summary>Initializes the rest of an emission after a slot that has thrown.</summary>
    /// <param name="signal">The signal that is emitted.</param>
    /// <param name="dense">The table of its slots.</param>
    /// <param name="next">The position after the slot that has thrown.</param>
    /// <param name="end">The position after the last slot that was connected when the emission began.</param>
    /// <param name="running">The slot that has thrown.</param>
    /// <param name="id">The id of its entry.</param>
    /// <param name="exception">Its exception.</param>
    internal SlotWalk(SignalBase signal, DenseTable<Delegate?> dense, int next, int end, Delegate running, ulong id, Exception exception)
        : this(signal, dense, next, end)
    {
        (_running, _id) = (running, id);
        Add(exception);
    }

    /// <summary>Runs the remaining slots, and throws the exceptions that no handler has received.</summary>
    internal void Run<TArguments>(TArguments arguments)
        where TArguments : struct, IArguments<TArguments>
    {
        bool throws;
        do
        {
            throws = false;
            try
            {
                while (TryNext(out Delegate? slot))
                {
                    arguments.Invoke(slot);
                }
            }
            catch (Exception exception) when (!_signal.StopsAtFirst)
            {
                Add(exception);
                throws = true;
            }
        } while (throws);
        _failures?.ThrowIfAny(_signal.TypeName);
    }

    private bool TryNext([NotNullWhen(true)] out Delegate? slot)
    {
        bool isFound = _cursor.TryNext(out slot, out _id);
        _running = slot;
        return isFound;
    }

    /// <summary>Keeps an exception of the running slot, or passes it to the handler of the signal.</summary>
    private void Add(Exception exception) =>
        (_failures ??= new SlotFailures()).Add(exception, _running!, new ConnectionHandle(_signal, DenseId.Index(_id)));
}
