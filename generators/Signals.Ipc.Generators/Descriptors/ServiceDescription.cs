using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Descriptors;

/// <summary>A service of a descriptor.</summary>
internal sealed record ServiceDescription(string Name, EquatableArray<MethodDescription> Methods);
