namespace Signals;

/// <summary>
/// Identifies a value in a <see cref="GenIndexArray{T}"/> by an index and by the generation of that index. Each time an index is reused,
/// its generation is higher, so an old identifier never finds a new value.
/// </summary>
/// <param name="Index">The number of the index. Numbers are reused.</param>
/// <param name="Generation">
/// The generation of the index. Generation 0 is never live, so <see langword="default"/> identifies no value.
/// </param>
public readonly record struct GenIndex(uint Index, uint Generation);
