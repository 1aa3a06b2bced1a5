using Microsoft.CodeAnalysis.Text;

namespace Signals.Ipc.Generators.Protos;

/// <summary>The name of a service or an rpc in the text of a .proto file.</summary>
/// <param name="Service">The name of the service.</param>
/// <param name="Method">The name of the rpc, or null for the service itself.</param>
/// <param name="Comment">The comment in front of it, or an empty text.</param>
/// <param name="Span">The position of the name.</param>
internal sealed record ProtoName(string Service, string? Method, string Comment, TextSpan Span);
