namespace Signals;

/// <summary>One emission on its way through the slots of a signal.</summary>
/// <remarks>What is known of the running slot is kept here and not in local variables, so that it is still known when the slot has thrown.</remarks>
internal ref struct Emission<TArguments>
    where TArguments : struct, IArguments<TArguments>
{
    private readonly SignalBase _signal;

    /// <summary>The slots as they were when the emission began.</summary>
    private readonly DenseTable<Delegate?> _dense;

    private readonly TArguments _arguments;

    /// <summary>Whether somebody wants to know whose slot has thrown.</summary>
    private readonly bool _isTracked;

    /// <summary>Behind the last slot that was connected when the emission began: what is connected from then on stands behind it.</summary>
    private readonly int _end;

    /// <summary>The position at which the chunk begins that is being walked.</summary>
    private int _start;

    /// <summary>The place in that chunk behind the slot that is running.</summary>
    private int _next;

    /// <summary>The slot that is running; it may have been disconnected meanwhile.</summary>
    private Delegate? _slot;

    /// <summary>Whose slot is running, if the emission is tracked: see <see cref="DenseId"/>.</summary>
    private ulong _id;

    /// <summary>An emission that is about to begin, or that has come to a slot which has thrown.</summary>
    /// <param name="signal">Whose emission it is.</param>
    /// <param name="dense">The slots.</param>
    /// <param name="end">Up to where there were slots when it began.</param>
    /// <param name="arguments">What to pass to them.</param>
    /// <param name="next">The position behind the slot that is running.</param>
    /// <param name="slot">The slot that is running.</param>
    internal Emission(SignalBase signal, DenseTable<Delegate?> dense, int end, TArguments arguments, int next = 0, Delegate? slot = null)
    {
        _isTracked = dense.IsTracked;
        _signal = signal;
        _dense = dense;
        _end = end;
        _arguments = arguments;
        _next = next;
        _slot = slot;
    }

    /// <summary>Runs the slots from where the emission stands to its end, or until one throws.</summary>
    internal void Run()
    {
        TArguments arguments = _arguments;
        int next = _start + _next;
        while (next < _end)
        {
            DenseEntry<Delegate?>[] chunk = _dense.ChunkOf(next, out int start);
            Span<DenseEntry<Delegate?>> places = chunk.AsSpan(0, Math.Min(_end - start, chunk.Length));
            _start = start;
            int i = next - start;
            while ((uint)i < (uint)places.Length)
            {
                if (_isTracked)
                {
                    // Before the slot is looked for: if it is there, it belongs to the connection that the id named before.
                    _id = Volatile.Read(ref places[i].Id);
                }

                Delegate? slot = places[i].Value;
                if (slot is null)
                {
                    ulong id = Volatile.Read(ref places[i].Id);
                    slot = _signal.FetchMoved(_dense, id);
                    if (slot is null)
                    {
                        i += DenseId.Step(id);
                        continue;
                    }
                }

                i++;
                _next = i;
                _slot = slot;
                arguments.Invoke(slot);
            }

            next = start + i;
        }
    }

    /// <summary>Goes on when a slot has thrown, and throws when all have run.</summary>
    internal void RunRest(Exception exception)
    {
        var failures = new SlotFailures();
        Exception? thrown = exception;
        while (thrown is not null)
        {
            failures.Add(thrown, _slot!, new ConnectionHandle(_signal, DenseId.Index(_id)));
            thrown = null;
            try
            {
                Run();
            }
            catch (Exception another)
            {
                thrown = another;
            }
        }

        failures.ThrowIfAny(_signal.TypeName);
    }
}
