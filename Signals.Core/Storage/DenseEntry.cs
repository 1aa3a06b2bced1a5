namespace Signals;

/// <summary>Entry of a <see cref="DenseTable{T}"/>: a value and the id of its index.</summary>
internal struct DenseEntry<T>
{
    /// <summary>The value, or <see langword="default"/> if there is none.</summary>
    internal T Value;

    /// <summary>The id of the entry: see <see cref="DenseId"/>.</summary>
    internal ulong Id;
}
