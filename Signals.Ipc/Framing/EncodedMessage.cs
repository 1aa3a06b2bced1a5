using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Signals.Ipc.Framing;

/// <summary>
/// The bytes of a message that is about to be sent. Encoding runs user code, which may throw, block or send another message. Therefore it is done
/// before any lock is taken, on the sending user's thread, and the bytes are copied into the frame afterwards.
/// </summary>
/// <remarks>Must be disposed on the thread that created it. The bytes must not be used afterwards.</remarks>
internal readonly ref struct EncodedMessage
{
    /// <summary>The number of bytes in which the length precedes the message.</summary>
    internal const int PrefixSize = sizeof(int);

    /// <summary>The buffer of the current thread, or null before its first message.</summary>
    [ThreadStatic]
    private static OwnBuffer? own;

    /// <summary>The thread's buffer, if it holds the message, or null if the array is rented.</summary>
    private readonly OwnBuffer? _buffer;

    /// <summary>Encodes a message.</summary>
    /// <exception cref="IpcException">The message is larger than a frame may be.</exception>
    internal EncodedMessage(IMessage message, int maxFrameSize)
    {
        int size = message.CalculateSize();
        if (size > maxFrameSize)
        {
            throw new IpcException(
                $"The message has {size} bytes, which exceeds the frame limit of {maxFrameSize} bytes. Send smaller messages, or raise the limit on both sides."
            )
            {
                IsFrameTooLarge = true,
            };
        }

        int needed = PrefixSize + size;
        OwnBuffer buffer = own ??= new OwnBuffer();
        if (needed <= OwnBuffer.Size && !buffer.IsInUse)
        {
            buffer.IsInUse = true;
            _buffer = buffer;
            Array = buffer.Bytes;
        }
        else
        {
            Array = ArrayPool<byte>.Shared.Rent(needed);
        }

        Length = size;
        try
        {
            BinaryPrimitives.WriteInt32LittleEndian(Array, size);
            message.WriteTo(Array.AsSpan(PrefixSize, size));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the array that begins with the length of the message and the message. Null in a default value.</summary>
    internal byte[]? Array { get; }

    /// <summary>Gets the size of the message in bytes.</summary>
    internal int Length { get; }

    internal ReadOnlySpan<byte> Bytes => Array is null ? default : Array.AsSpan(PrefixSize, Length);

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

    /// <summary>
    /// An array for the small messages of one thread. If encoding a message sends another one, the array of that other message is rented.
    /// </summary>
    private sealed class OwnBuffer
    {
        /// <summary>The size of the array in bytes, which is enough for most messages.</summary>
        internal const int Size = 1024;

        internal byte[] Bytes { get; } = new byte[Size];

        internal bool IsInUse { get; set; }
    }
}
