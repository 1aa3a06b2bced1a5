namespace Signals;

/// <summary>Specifies what the examination of a node's dependencies has found.</summary>
internal enum WalkResult
{
    Unchanged,
    Changed,

    /// <summary>A dependency has to be examined first.</summary>
    Descend,
}
