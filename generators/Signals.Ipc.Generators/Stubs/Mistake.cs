using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Stubs;

/// <summary>A mistake in a .proto file. It has no position, so that models stay equal when the text around the mistake changes.</summary>
/// <param name="Id">The id of the diagnostic, one of <see cref="Mistakes"/>.</param>
/// <param name="Service">The name of the service, or null if the file as a whole is meant.</param>
/// <param name="Method">The name of the rpc, or null if the service as a whole is meant.</param>
/// <param name="Arguments">The arguments of the message.</param>
internal sealed record Mistake(string Id, string? Service, string? Method, EquatableArray<string> Arguments);
