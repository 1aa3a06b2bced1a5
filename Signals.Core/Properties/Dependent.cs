namespace Signals;

/// <summary>The other end of a <see cref="Dependency"/>, kept by a property for each observed reader.</summary>
/// <param name="reader">The reader.</param>
/// <param name="index">The index of the dependency in the reader's list.</param>
internal readonly struct Dependent(PropertyBase reader, int index)
{
    internal readonly PropertyBase Reader = reader;
    internal readonly int Index = index;
}
