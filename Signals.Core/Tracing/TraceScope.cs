namespace Signals;

/// <summary>A slice that has begun on the current thread, or nothing if no trace is active.</summary>
internal readonly struct TraceScope
{
    private readonly TraceBuffer? _buffer;
    private readonly EvaluatorRecord? _evaluator;

    private TraceScope(TraceBuffer buffer, EvaluatorRecord? evaluator) => (_buffer, _evaluator) = (buffer, evaluator);

    /// <summary>Begins a slice on the track of the thread.</summary>
    internal static TraceScope Begin(TraceBuffer buffer, TraceEventKind kind, string name) =>
        buffer.TryBegin(kind, name, null, 0) ? new TraceScope(buffer, null) : default;

    /// <summary>Begins the slice of an emission that queues an invocation, to which an arrow leads from here.</summary>
    internal static TraceScope BeginQueueing(TraceBuffer buffer, string name)
    {
        ulong flow = buffer.NextFlow();
        if (!buffer.TryBegin(TraceEventKind.Queue, name, null, flow))
        {
            return default;
        }

        buffer.Flow = flow;
        return new TraceScope(buffer, null);
    }

    /// <summary>Begins the slice of a slot that an evaluator runs.</summary>
    internal static TraceScope BeginRun(TraceBuffer buffer, string name, EvaluatorRecord evaluator, ulong flow)
    {
        // If the thread evaluates inside of an emission that has queued nothing, its flow is that of no invocation.
        buffer.Flow = 0;
        return buffer.TryBegin(TraceEventKind.Run, name, evaluator, flow) ? new TraceScope(buffer, evaluator) : default;
    }

    /// <summary>Ends the slice.</summary>
    internal void End()
    {
        if (_buffer is { } buffer)
        {
            buffer.Flow = 0;
            buffer.End(_evaluator);
        }
    }
}
