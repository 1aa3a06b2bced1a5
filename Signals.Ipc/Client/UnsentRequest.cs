using System.Buffers.Binary;
using Signals.Ipc.Framing;

namespace Signals.Ipc.Client;

/// <summary>
/// The request of a call until it has been written. Its bytes are those of the encoded message, which the caller disposes after it has passed the
/// call to the sender, or a copy of them while the call waits for room in the send buffer. Guarded by the sender's lock.
/// </summary>
internal struct UnsentRequest
{
    private readonly uint _methodId;

    /// <summary>The array that has the length of the arguments and the arguments at an offset, or null if the request has been written or is no longer wanted.</summary>
    private byte[]? _bytes;

    /// <summary>The offset in the array: greater than zero if the array is shared with other requests.</summary>
    private int _offset;

    internal UnsentRequest(uint methodId, in EncodedMessage arguments)
    {
        _methodId = methodId;
        _bytes = arguments.Array;
    }

    internal readonly bool IsWanted => _bytes is not null;

    /// <summary>Gets the arguments, preceded by their length.</summary>
    private readonly ReadOnlySpan<byte> Prefixed
    {
        get
        {
            ReadOnlySpan<byte> bytes = _bytes.AsSpan(_offset);
            return bytes[..(EncodedMessage.PrefixSize + BinaryPrimitives.ReadInt32LittleEndian(bytes))];
        }
    }

    internal readonly InvokeMethodFrame ToFrame(ulong requestId, uint serviceId, bool dropReply, ulong timeout = 0, ReadOnlySpan<byte> headers = default)
    {
        return new InvokeMethodFrame(requestId, serviceId, _methodId, Prefixed[EncodedMessage.PrefixSize..], dropReply)
        {
            Timeout = timeout,
            Headers = headers,
        };
    }

    /// <summary>Copies the bytes, so that the request no longer depends on the encoded message.</summary>
    internal void Keep(KeptRequests kept)
    {
        (_bytes, _offset) = kept.Add(Prefixed);
    }

    /// <summary>Releases the request, which has been written or is no longer wanted.</summary>
    internal void Drop(ServiceBinding binding)
    {
        _bytes = null;
        if (_offset != 0)
        {
            _offset = 0;
            binding.Calls.KeptRequests.Release();
        }
    }
}
