namespace Signals.Ipc.Generators.Descriptors;

/// <summary>A message of a descriptor.</summary>
/// <param name="FullName">The full name in the .proto file.</param>
/// <param name="ClassName">The name of the C# class in its namespace, as metadata have it: <c>Outer+Types+Inner</c>.</param>
internal sealed record MessageDescription(string FullName, string ClassName);
