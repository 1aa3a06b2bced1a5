namespace Signals;

/// <summary>Progress of a walk at one node, whose dependencies are compared with what its last run has read.</summary>
/// <param name="node">The node.</param>
/// <param name="firstTentative">The number of tentative nodes when the frame began.</param>
internal struct WalkFrame(PropertyBase node, int firstTentative)
{
    internal readonly PropertyBase Node = node;

    /// <summary>The dependencies that are being examined.</summary>
    internal Dependency[]? Dependencies;

    /// <summary>The index of the next dependency.</summary>
    internal int Index;

    /// <summary>The epoch in which the dependencies before the index were unchanged.</summary>
    internal long Epoch;

    /// <summary>
    /// The lowest position in the walk of a node that is needed to find this one unchanged and has not been examined to its end: the
    /// dependencies of the last runs can form a cycle.
    /// </summary>
    internal int Lowest = int.MaxValue;

    /// <summary>Indicates whether the next dependency has been examined as far as possible.</summary>
    internal bool IsNextExamined;

    internal readonly int FirstTentative = firstTentative;
}
