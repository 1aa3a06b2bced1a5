namespace Signals.Ipc.Generators.Stubs;

/// <summary>A mistake of a service that only a comparison with other files shows.</summary>
/// <param name="File">The <see cref="StubFile.Key"/> of the file.</param>
/// <param name="Service">The position of the service in the file.</param>
/// <param name="Mistake">The mistake.</param>
/// <param name="IsError">A value that indicates whether the service gets no stubs.</param>
internal sealed record Conflict(string File, int Service, Mistake Mistake, bool IsError);
