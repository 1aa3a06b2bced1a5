using System.Buffers;
using System.Buffers.Binary;

namespace Signals.Ipc.Framing;

/// <summary>
/// Holds received bytes until they form complete frames. The buffer owns a small array and rents a larger one while the received bytes need it, so
/// the memory of an idle connection does not depend on the frames that it has received.
/// </summary>
/// <remarks>Not thread-safe: a single loop fills the buffer and reads its frames.</remarks>
internal sealed class ReceiveBuffer(int maxFrameSize)
{
    /// <summary>Number of bytes of the length prefix of a frame.</summary>
    internal const int PrefixSize = sizeof(uint);

    /// <summary>Number of bytes of the array that the buffer owns.</summary>
    internal const int OwnSize = 4096;

    /// <summary>Maximum number of bytes of one read.</summary>
    private const int MaxReadSize = 256 * 1024;

    private readonly byte[] _own = new byte[OwnSize];

    /// <summary>The larger array that is rented, or null.</summary>
    private byte[]? _rented;

    /// <summary>Offset of the first byte that has not been read as part of a frame.</summary>
    private int _start;

    /// <summary>Offset of the end of the received bytes.</summary>
    private int _end;

    /// <summary>Gets the current capacity in bytes.</summary>
    internal int Capacity => OwnSize + (_rented?.Length ?? 0);

    /// <summary>Gets a value that indicates whether the next frame is complete, or exceeds the limit.</summary>
    internal bool HasCompleteFrame
    {
        get
        {
            ReadOnlySpan<byte> unread = Unread;
            while (unread.Length >= PrefixSize)
            {
                uint size = BinaryPrimitives.ReadUInt32LittleEndian(unread);
                unread = unread[PrefixSize..];
                if (size != 0)
                {
                    return size <= unread.Length || IsTooLarge(size);
                }
            }

            return false;
        }
    }

    private byte[] Bytes => _rented ?? _own;

    private ReadOnlySpan<byte> Unread => Bytes.AsSpan(_start.._end);

    /// <summary>Returns the memory for the next read. All frames that were read before become invalid.</summary>
    /// <param name="ready">The number of bytes that are known to be available in the socket, or zero.</param>
    internal Memory<byte> GetFree(int ready)
    {
        int unread = _end - _start;

        // The buffer grows as the bytes of a large frame arrive, not when the prefix announces them.
        int needed = unread + Math.Clamp(ready, 1, MaxReadSize);
        if (needed <= OwnSize)
        {
            MoveTo(_own);
            ReturnRented();
        }
        else if (needed > Bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
            MoveTo(larger);
            ReturnRented();
            _rented = larger;
        }
        else
        {
            MoveTo(Bytes);
        }

        return Bytes.AsMemory(_end);
    }

    /// <summary>Adds a number of bytes that have been read into the free memory.</summary>
    internal void Advance(int count) => _end += count;

    /// <summary>Reads the next frame. Its payload is valid until <see cref="GetFree"/> or <see cref="Release"/> is called.</summary>
    internal FrameReadResult TryReadFrame(out ReadOnlySpan<byte> payload)
    {
        payload = default;
        while (_end - _start >= PrefixSize)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(Unread);
            if (IsTooLarge(size))
            {
                return FrameReadResult.TooLarge;
            }

            if (_end - _start - PrefixSize < size)
            {
                return FrameReadResult.NeedMore;
            }

            payload = Unread.Slice(PrefixSize, (int)size);
            _start += PrefixSize + (int)size;
            if (size != 0)
            {
                return FrameReadResult.Frame;
            }
        }

        return FrameReadResult.NeedMore;
    }

    /// <summary>Returns the rented array and discards the received bytes.</summary>
    internal void Release()
    {
        ReturnRented();
        _start = 0;
        _end = 0;
    }

    private bool IsTooLarge(uint size) => size > maxFrameSize - PrefixSize;

    private void MoveTo(byte[] target)
    {
        if (_start != 0 || target != Bytes)
        {
            Unread.CopyTo(target);
            _end -= _start;
            _start = 0;
        }
    }

    private void ReturnRented()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
