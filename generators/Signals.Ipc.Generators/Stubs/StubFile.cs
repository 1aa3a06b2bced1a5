using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>The stubs of the services of a .proto file.</summary>
/// <param name="Path">The path of the .proto file in its descriptor.</param>
/// <param name="Source">The path of the .proto file on this machine, or null if it is not known.</param>
/// <param name="Namespace">The namespace of the stubs.</param>
/// <param name="ReflectionClass">The name of the class that has the descriptor.</param>
/// <param name="Services">The services that get stubs.</param>
/// <param name="GrpcServices">The names of the services that gRPC has generated code for.</param>
/// <param name="Mistakes">The mistakes. A service with an error is not among <paramref name="Services"/>.</param>
internal sealed record StubFile(
    string Path,
    string? Source,
    string Namespace,
    string ReflectionClass,
    EquatableArray<ServiceStub> Services,
    EquatableArray<string> GrpcServices,
    EquatableArray<Mistake> Mistakes
)
{
    /// <summary>Gets the full name of the class that has the descriptor, which no other file has.</summary>
    internal string Key => TypeNames.Join(Namespace, ReflectionClass);
}
