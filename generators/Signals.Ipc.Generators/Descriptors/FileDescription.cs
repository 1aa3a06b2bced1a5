using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Descriptors;

/// <summary>The parts of a file descriptor that stubs are made from.</summary>
/// <param name="Name">The path of the .proto file, relative to the folder that protoc was given.</param>
/// <param name="Package">The package, or an empty text.</param>
/// <param name="Messages">All messages, those that are nested included.</param>
/// <param name="Services">The services in the order of the file.</param>
internal sealed record FileDescription(
    string Name,
    string Package,
    EquatableArray<MessageDescription> Messages,
    EquatableArray<ServiceDescription> Services
);
