namespace Signals.Ipc.Generators.Protos;

/// <summary>The comment of a service or an rpc, without its position.</summary>
internal sealed record ProtoComment(string Service, string? Method, string Text);
