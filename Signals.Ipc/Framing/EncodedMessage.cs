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
    /// <summary>The array that this thread keeps, or null before its first message.</summary>
    [ThreadStatic]
    private static OwnBuffer? own;

    /// <summary>The buffer of this thread, if the message is in it, or null if its array is rented.</summary>
    private readonly OwnBuffer? _buffer;

    /// <summary>Encodes a message.</summary>
    /// <exception cref="IpcException">The message is larger than a frame may be.</exception>
    internal EncodedMessage(IMessage message, int maxFrameSize)
    {
        int size = message.CalculateSize();
        if (size > maxFrameSize)
        {
            throw new IpcException($"The message has {size} bytes; the limit for a frame is {maxFrameSize}. Send less at once, or raise the limit on both sides.");
        }

        OwnBuffer buffer = own ??= new OwnBuffer();
        if (size <= OwnBuffer.Size && !buffer.IsInUse)
        {
            buffer.IsInUse = true;
            _buffer = buffer;
            Array = buffer.Bytes;
        }
        else
        {
            Array = ArrayPool<byte>.Shared.Rent(size);
        }

        Length = size;
        try
        {
            message.WriteTo(Array.AsSpan(0, size));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The array that begins with the message. Null in a default value.</summary>
    internal byte[]? Array { get; }

    /// <summary>The size of the message in bytes.</summary>
    internal int Length { get; }

    internal ReadOnlySpan<byte> Bytes => Array.AsSpan(0, Length);

    internal void Dispose()
    {
        if (_buffer is not null)
        {
            _buffer.IsInUse = false;
        }
        else if (Array is not null)
        {
            ArrayPool<byte>.Shared.Return(Array);
        }
    }

    /// <summary>An array for the small messages of one thread. A message that sends another one while it is encoded leaves that one a rented array.</summary>
    private sealed class OwnBuffer
    {
        /// <summary>The size of the array: enough for most messages.</summary>
        internal const int Size = 1024;

        internal byte[] Bytes { get; } = new byte[Size];

        internal bool IsInUse { get; set; }
    }
}
