namespace Signals.Ipc.Generators.Descriptors;

/// <summary>An rpc of a descriptor.</summary>
/// <param name="Name">The name in the .proto file.</param>
/// <param name="RequestType">The full name of the request's message in the .proto file, without a leading period.</param>
/// <param name="ReplyType">The full name of the reply's message in the .proto file, without a leading period.</param>
/// <param name="HasRequestStream">A value that indicates whether the rpc takes a stream of requests.</param>
/// <param name="HasReplyStream">A value that indicates whether the rpc returns a stream of replies.</param>
/// <param name="IsSignal">A value that indicates whether the rpc has the option <c>signals.signal</c>.</param>
/// <param name="IsProperty">A value that indicates whether the rpc has the option <c>signals.property</c>.</param>
internal sealed record MethodDescription(
    string Name,
    string RequestType,
    string ReplyType,
    bool HasRequestStream,
    bool HasReplyStream,
    bool IsSignal,
    bool IsProperty
);
