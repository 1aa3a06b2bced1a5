namespace Signals;

/// <summary>Specifies what an event of a trace reports.</summary>
internal enum TraceEventKind : byte
{
    /// <summary>An emission begins.</summary>
    Emission,

    /// <summary>A slot that the emission calls begins.</summary>
    Slot,

    /// <summary>The emission begins to queue an invocation of a slot.</summary>
    Queue,

    /// <summary>An evaluator begins to run a slot.</summary>
    Run,

    /// <summary>The slice that has begun last on the track ends.</summary>
    End,

    /// <summary>The number of pending invocations of an evaluator has changed.</summary>
    Pending,
}
