using Signals.Ipc.Generators.Stubs;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators;

/// <summary>The mistakes in a .proto file.</summary>
/// <param name="Source">The path of the file on this machine, or null if it is not known.</param>
/// <param name="Mistakes">The mistakes.</param>
internal sealed record FileMistakes(string? Source, EquatableArray<Mistake> Mistakes);
