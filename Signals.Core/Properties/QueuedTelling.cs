namespace Signals;

/// <summary>Part of a change that a scope has to tell.</summary>
/// <param name="Node">The property or effect.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Change">The number of the change.</param>
/// <param name="Depth">The depth of the change.</param>
internal readonly record struct QueuedTelling(PropertyBase Node, TellingKind Kind, long Change, int Depth)
{
    /// <summary>Gets the order of the changes.</summary>
    internal static Comparer<QueuedTelling> ByChange { get; } =
        Comparer<QueuedTelling>.Create(static (left, right) => left.Change.CompareTo(right.Change));
}
