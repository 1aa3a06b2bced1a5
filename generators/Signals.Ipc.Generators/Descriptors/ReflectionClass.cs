using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Descriptors;

/// <summary>A class that protoc generates for a .proto file, and that holds its descriptor.</summary>
/// <param name="Namespace">The namespace, or an empty text.</param>
/// <param name="Name">The name of the class.</param>
/// <param name="File">The descriptor, or null if it cannot be read.</param>
/// <param name="Imports">The full names of the classes of the same kind that the descriptor depends on.</param>
internal sealed record ReflectionClass(string Namespace, string Name, FileDescription? File, EquatableArray<string> Imports)
{
    /// <summary>Gets the full name of the class.</summary>
    internal string FullName => TypeNames.Join(Namespace, Name);
}
