namespace Signals.Ipc.Generators.Stubs;

/// <summary>The members that stand for an rpc.</summary>
/// <param name="WireName">The name in the .proto file.</param>
/// <param name="Name">The name in C#, without a suffix.</param>
/// <param name="BaseName">The name of the method that a service implements, or of the signal or property that it emits or sets.</param>
/// <param name="CallName">The name of the proxy's method that calls the rpc, or of its signal or property.</param>
/// <param name="SendName">The name of the proxy's method that makes a one-way call. Empty if the rpc has a stream.</param>
/// <param name="RequestType">The request, as C# code.</param>
/// <param name="ReplyType">The reply, as C# code.</param>
/// <param name="Kind">The kind of members that represent the rpc.</param>
/// <param name="Comment">The comment in the .proto file, or an empty text.</param>
internal sealed record MethodStub(
    string WireName,
    string Name,
    string BaseName,
    string CallName,
    string SendName,
    string RequestType,
    string ReplyType,
    MethodKind Kind,
    string Comment
)
{
    /// <summary>Gets a value that indicates whether a signal or a property represents the rpc, which then has no methods.</summary>
    internal bool IsSignalOrProperty => Kind is MethodKind.Signal or MethodKind.Property;
}
