using System.Buffers;
using Google.Protobuf;

namespace Signals.Ipc.Framing;

/// <summary>
/// The bytes of a message that is about to be sent. Encoding runs user code, which may throw, block or send another message; so it comes before
/// every lock, on the thread of the sending user, and the bytes are copied into the frame afterwards.
/// </summary>
/// <remarks>Disposed on the thread that made it, after which the bytes must not be used.</remarks>
internal readonly ref struct EncodedMessage
{
    /// <summary>The size of the array that each sending thread keeps: enough for most messages.</summary>
    private const int OwnSize = 1024;

    /// <summary>The array that this thread keeps, or null while an encoded message uses it or before the first one.</summary>
    [ThreadStatic]
    private static byte[]? own;

    /// <summary>Encodes a message.</summary>
    /// <exception cref="IpcException">The message is larger than a frame may be.</exception>
    internal EncodedMessage(IMessage message, int maxFrameSize)
    {
        int size = message.CalculateSize();
        if (size > maxFrameSize)
        {
            throw new IpcException($"The message has {size} bytes; the limit for a frame is {maxFrameSize}. Send less at once, or raise the limit on both sides.");
        }

        byte[] bytes = Take(size);
        try
        {
            message.WriteTo(bytes.AsSpan(0, size));
        }
        catch
        {
            GiveBack(bytes);
            throw;
        }

        Array = bytes;
        Length = size;
    }

    /// <summary>The array that begins with the message. Null in a default value.</summary>
    internal byte[]? Array { get; }

    /// <summary>The size of the message in bytes.</summary>
    internal int Length { get; }

    internal ReadOnlyMemory<byte> Bytes => Array.AsMemory(0, Length);

    internal void Dispose()
    {
        if (Array is not null)
        {
            GiveBack(Array);
        }
    }

    private static byte[] Take(int size)
    {
        if (size > OwnSize)
        {
            return ArrayPool<byte>.Shared.Rent(size);
        }

        // A message that sends another one while it is encoded leaves that one a new array.
        byte[] bytes = own ?? new byte[OwnSize];
        own = null;
        return bytes;
    }

    private static void GiveBack(byte[] bytes)
    {
        if (bytes.Length == OwnSize)
        {
            own = bytes;
        }
        else
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
