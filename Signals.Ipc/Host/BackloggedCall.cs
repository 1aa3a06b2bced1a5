using Signals.Ipc.Services;

namespace Signals.Ipc.Host;

/// <summary>A call in a <see cref="CallBacklog"/>.</summary>
internal sealed record BackloggedCall(MethodHandler Handler, CallContext Context, byte[] Arguments)
{
    /// <summary>The approximate number of bytes of a call in addition to its request.</summary>
    private const int OwnBytes = 256;

    /// <summary>Gets the number of bytes of memory that the call takes.</summary>
    internal long Bytes => OwnBytes + Arguments.Length + Context.HeaderBytes;
}
