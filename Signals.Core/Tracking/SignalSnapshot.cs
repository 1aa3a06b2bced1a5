namespace Signals;

/// <summary>
/// A picture of the signals, connections, evaluators and imports of a process: see <see cref="SignalTracker.Snapshot"/>. Immutable; it keeps no object
/// of the program alive.
/// </summary>
public sealed class SignalSnapshot
{
    internal SignalSnapshot() { }

    /// <summary>Gets the time at which the picture was taken.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Gets the signals, in the order in which they were created.</summary>
    public required IReadOnlyList<SignalInfo> Signals { get; init; }

    /// <summary>Gets the connections: those of each signal in the order in which its emissions call them, in the order of <see cref="Signals"/>.</summary>
    public required IReadOnlyList<ConnectionInfo> Connections { get; init; }

    /// <summary>Gets the evaluators that have not been disposed, in the order in which they were created.</summary>
    public required IReadOnlyList<EvaluatorInfo> Evaluators { get; init; }

    /// <summary>Gets the imported signals that have not been disposed, in the order in which they were imported.</summary>
    public required IReadOnlyList<ImportInfo> Imports { get; init; }

    /// <summary>Finds connections that are probably mistakes of the program: those that never end, that were made twice, or that many threads call.</summary>
    /// <param name="options">The options, or null for the defaults.</param>
    /// <returns>The findings, ordered by their kinds.</returns>
    public IReadOnlyList<SignalFinding> Find(SignalFindingOptions? options = null) => SnapshotFindings.Find(this, options ?? new SignalFindingOptions());

    /// <summary>
    /// Returns the picture as a Mermaid flowchart: an arrow leads from a signal to each slot and, dotted, from the slot to its evaluator. Names are
    /// escaped.
    /// </summary>
    /// <returns>The text of the diagram.</returns>
    public string ToMermaid() => new MermaidGraph().Draw(this);

    /// <summary>Returns the picture as a directed graph in the DOT language of Graphviz, with the same arrows as <see cref="ToMermaid"/>.</summary>
    /// <returns>The text of the graph.</returns>
    public string ToDot() => new DotGraph().Draw(this);
}
