namespace Signals;

/// <summary>A place in a <see cref="DenseTable{T}"/>: a value and the index that it belongs to.</summary>
internal struct DenseEntry<T>
{
    /// <summary>The value; <see langword="default"/> where there is none.</summary>
    internal T Value;

    /// <summary>Whose place this is: see <see cref="DenseId"/>.</summary>
    internal ulong Id;
}
