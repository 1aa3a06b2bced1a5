namespace Signals;

/// <summary>An entry of a <see cref="LinkedEntries{T}"/>, which alone sets its members while it contains the entry.</summary>
internal interface ILinkedEntry<T>
    where T : class, ILinkedEntry<T>
{
    /// <summary>Gets or sets the previous entry, or null.</summary>
    T? Previous { get; set; }

    /// <summary>Gets or sets the next entry, or null.</summary>
    T? Next { get; set; }
}
