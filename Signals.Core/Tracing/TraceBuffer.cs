using System.Diagnostics;

namespace Signals;

/// <summary>
/// The events of one thread that have not been written yet: a ring that the thread fills and the writer empties, without a lock. If it is full, events are
/// dropped and counted. A slice begins only if there is room for its end, too, so the slices in a trace are always complete.
/// </summary>
internal sealed class TraceBuffer
{
    /// <summary>The buffer of the current thread, which may belong to an earlier trace.</summary>
    [ThreadStatic]
    private static TraceBuffer? _ofThread;

    private readonly TraceEvent[] _events;

    /// <summary>Number of events that the thread has added.</summary>
    private long _added;

    /// <summary>Number of events that the writer has taken.</summary>
    private long _taken;

    /// <summary>Number of slices that have begun and not ended. Used by the thread only.</summary>
    private int _open;

    /// <summary>Number of flows that the thread has begun. Used by the thread only.</summary>
    private ulong _flows;

    private long _dropped;

    private TraceBuffer(SignalTrace trace, TraceSequence sequence, int capacity)
    {
        Trace = trace;
        Sequence = sequence;
        _events = new TraceEvent[capacity];
        ThreadId = Environment.CurrentManagedThreadId;
        Thread = Thread.CurrentThread;
        ThreadName = Thread.Name;
    }

    internal SignalTrace Trace { get; }

    /// <summary>Gets the sequence of packets into which the events are written.</summary>
    internal TraceSequence Sequence { get; }

    internal Thread Thread { get; }

    internal int ThreadId { get; }

    internal string? ThreadName { get; }

    /// <summary>Gets or sets the flow that the next invocation which the thread queues belongs to, or zero. Used by the thread only.</summary>
    internal ulong Flow { get; set; }

    /// <summary>Gets or sets the number of dropped events when it was last written. Used by the writer only.</summary>
    internal long DroppedWritten { get; set; }

    /// <summary>Gets the number of dropped events.</summary>
    internal long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Gets the buffer of the current thread, or null if no trace is active or the thread has none. Allocates no memory.</summary>
    internal static TraceBuffer? Known => _ofThread is { } own && own.Trace == SignalTrace.Current ? own : null;

    /// <summary>Returns the buffer of the current thread, which it creates if necessary, or null if no trace is active.</summary>
    internal static TraceBuffer? OfThread()
    {
        SignalTrace? trace = SignalTrace.Current;
        if (trace is null)
        {
            return null;
        }

        TraceBuffer? own = _ofThread;
        return own is not null && own.Trace == trace ? own : _ofThread = trace.Add(static (owner, sequence, capacity) => new(owner, sequence, capacity));
    }

    /// <summary>Begins a slice. Returns false if it was dropped, and must not be ended then.</summary>
    internal bool TryBegin(TraceEventKind kind, string name, EvaluatorRecord? evaluator, ulong flow)
    {
        // Room for this event, for its end, and for the ends of those that are open.
        if (!HasRoom(_open + 2))
        {
            return false;
        }

        _open++;
        Add(
            new TraceEvent
            {
                Kind = kind,
                Name = name,
                Evaluator = evaluator,
                Flow = flow,
            }
        );
        Trace.OnAdded(_added - Volatile.Read(ref _taken), _events.Length);
        return true;
    }

    /// <summary>Ends the slice that has begun last.</summary>
    internal void End(EvaluatorRecord? evaluator)
    {
        _open--;
        Add(new TraceEvent { Kind = TraceEventKind.End, Evaluator = evaluator });
    }

    /// <summary>Adds the value of a counter.</summary>
    internal void Count(EvaluatorRecord evaluator, long value)
    {
        if (HasRoom(_open + 1))
        {
            Add(
                new TraceEvent
                {
                    Kind = TraceEventKind.Pending,
                    Evaluator = evaluator,
                    Value = value,
                }
            );
        }
    }

    /// <summary>Returns the identifier of a new flow.</summary>
    internal ulong NextFlow() => Trace.FlowBase + ((ulong)Sequence.Id << 40) + ++_flows;

    /// <summary>Returns the flow of the invocation that the thread is queueing, once, or zero.</summary>
    internal ulong TakeFlow()
    {
        ulong flow = Flow;
        Flow = 0;
        return flow;
    }

    /// <summary>Takes the oldest event. Called by the writer only.</summary>
    internal bool TryTake(out TraceEvent next)
    {
        long taken = _taken;
        if (taken == Volatile.Read(ref _added))
        {
            next = default;
            return false;
        }

        ref TraceEvent place = ref _events[taken % _events.Length];
        next = place;
        place = default;
        Volatile.Write(ref _taken, taken + 1);
        return true;
    }

    private bool HasRoom(int count)
    {
        if (_events.Length - (_added - Volatile.Read(ref _taken)) >= count)
        {
            return true;
        }

        Volatile.Write(ref _dropped, _dropped + 1);
        return false;
    }

    private void Add(in TraceEvent added)
    {
        Debug.Assert(_added - Volatile.Read(ref _taken) < _events.Length, "Each event has room: HasRoom keeps it for ends.");
        ref TraceEvent place = ref _events[_added % _events.Length];
        place = added;
        place.Time = Stopwatch.GetTimestamp();
        Volatile.Write(ref _added, _added + 1);
    }
}
