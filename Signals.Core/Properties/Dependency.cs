namespace Signals;

/// <summary>A value that a run of a computation or an effect has read.</summary>
/// <param name="node">The property.</param>
/// <param name="version">The version of its value.</param>
internal struct Dependency(PropertyBase node, long version)
{
    /// <summary>
    /// The version that stands for the dependency that closed a cycle. The property had no result then: it has changed when its failure is no
    /// longer that of the reader.
    /// </summary>
    internal const long Closing = -1;

    internal readonly PropertyBase Node = node;
    internal long Version = version;
}
