using Signals.Ipc.Framing;

namespace Signals.Ipc.Client;

/// <summary>
/// The request of a call until it has been written. Its bytes are those of the encoded message, which the caller disposes after it has passed the
/// call to the sender, or a copy of them while the call waits for room in the send buffer. Guarded by the sender's lock.
/// </summary>
internal struct UnsentRequest
{
    private readonly int _length;
    private readonly uint _methodId;

    /// <summary>The array that begins with the arguments, or null if the request has been written or is no longer wanted.</summary>
    private byte[]? _bytes;

    internal UnsentRequest(uint methodId, in EncodedMessage arguments)
    {
        _methodId = methodId;
        _bytes = arguments.Array;
        _length = arguments.Length;
    }

    internal readonly bool IsWanted => _bytes is not null;

    internal readonly InvokeMethodFrame ToFrame(ulong requestId, uint serviceId, bool dropReply) =>
        new(requestId, serviceId, _methodId, _bytes.AsSpan(0, _length), dropReply);

    /// <summary>Copies the bytes, so that the request no longer depends on the encoded message.</summary>
    internal void Keep() => _bytes = _bytes.AsSpan(0, _length).ToArray();

    /// <summary>Releases the request, which has been written or is no longer wanted.</summary>
    internal void Drop() => _bytes = null;
}
