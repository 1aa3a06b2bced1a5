namespace Signals;

/// <summary>An open batch of a thread in a scope.</summary>
/// <param name="owner">The context of the thread.</param>
internal sealed class BatchState(PropertyContext owner)
{
    internal PropertyContext Owner => owner;

    internal PropertyScope Scope { get; set; } = null!;

    /// <summary>Gets or sets the number of nested batches.</summary>
    internal int Depth { get; set; }

    /// <summary>Gets the properties that were set, in the order of their first sets, and the effects that have to be examined.</summary>
    internal List<PropertyBase> Touched { get; } = [];

    internal void Touch(PropertyBase node)
    {
        // Setting one property repeatedly is the common case of repeated sets. Others are listed again, which has no effect.
        if (Touched.Count == 0 || Touched[^1] != node)
        {
            Touched.Add(node);
        }
    }
}
