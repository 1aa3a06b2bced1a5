namespace Signals;

/// <summary>An event of a trace that has not been written yet. It keeps no object of the program alive.</summary>
internal struct TraceEvent
{
    /// <summary>The value of <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</summary>
    internal long Time;

    /// <summary>The name of a slice, or null.</summary>
    internal string? Name;

    /// <summary>The evaluator on whose track the event is, or null for the track of the thread.</summary>
    internal EvaluatorRecord? Evaluator;

    /// <summary>The flow that the event begins or ends, or zero.</summary>
    internal ulong Flow;

    /// <summary>The value of a counter.</summary>
    internal long Value;

    internal TraceEventKind Kind;
}
