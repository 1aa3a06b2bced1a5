namespace Signals.Ipc.Generators.Stubs;

/// <summary>The members that stand for an rpc.</summary>
/// <param name="WireName">The name in the .proto file.</param>
/// <param name="Name">The name in C#, without a suffix.</param>
/// <param name="BaseName">The name of the method that a service implements.</param>
/// <param name="CallName">The name of the proxy's method that calls the rpc.</param>
/// <param name="SendName">The name of the proxy's method that makes a one-way call.</param>
/// <param name="RequestType">The request, as C# code.</param>
/// <param name="ReplyType">The reply, as C# code.</param>
/// <param name="IsStream">A value that indicates whether the rpc returns a stream.</param>
/// <param name="Comment">The comment in the .proto file, or an empty text.</param>
internal sealed record MethodStub(
    string WireName,
    string Name,
    string BaseName,
    string CallName,
    string SendName,
    string RequestType,
    string ReplyType,
    bool IsStream,
    string Comment
);
