using Signals.Ipc.Generators.Stubs;

namespace Signals.Ipc.Generators;

/// <summary>A file to generate.</summary>
/// <param name="HintName">The name of the file.</param>
/// <param name="Stubs">The content.</param>
internal sealed record GeneratedFile(string HintName, StubFile Stubs);
