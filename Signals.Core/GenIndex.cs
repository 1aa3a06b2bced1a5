namespace Signals;

/// <summary>
/// Names one life of one entry of a <see cref="GenIndexArray{T}"/>: the index says where, the generation says which life.
/// An index that is used again comes back with a higher generation, so an old name never finds the new value.
/// </summary>
/// <param name="Index">The place in the array. Places are reused.</param>
/// <param name="Generation">The life of that place that is meant. Zero is never live, so <see langword="default"/> names nothing.</param>
public readonly record struct GenIndex(uint Index, uint Generation);
