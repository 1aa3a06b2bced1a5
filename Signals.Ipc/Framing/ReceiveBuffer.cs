using System.Buffers;
using System.Buffers.Binary;

namespace Signals.Ipc.Framing;

/// <summary>
/// Holds what has been received until it makes whole frames. It owns a small array; a larger one is borrowed while the received bytes
/// need it, so what a connection holds while it is idle does not depend on what it has seen.
/// </summary>
/// <remarks>Not thread-safe: one loop reads into it and out of it.</remarks>
internal sealed class ReceiveBuffer(int maxFrameSize)
{
    /// <summary>The length in front of each frame.</summary>
    internal const int PrefixSize = sizeof(uint);

    /// <summary>What is always held.</summary>
    internal const int OwnSize = 4096;

    /// <summary>How much is read at once at most.</summary>
    private const int MaxReadSize = 256 * 1024;

    private readonly byte[] _own = new byte[OwnSize];

    /// <summary>A larger array that is borrowed, or null.</summary>
    private byte[]? _rented;

    /// <summary>Where the bytes that have not been read as frames begin.</summary>
    private int _start;

    /// <summary>Where the received bytes end.</summary>
    private int _end;

    /// <summary>How many bytes are held at the moment.</summary>
    internal int Capacity => OwnSize + (_rented?.Length ?? 0);

    /// <summary>Whether the next frame is there, or what stands in its place is too large.</summary>
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

    /// <summary>Room for the next read. Ends the validity of all frames read so far.</summary>
    /// <param name="ready">How many bytes are known to wait in the socket, or zero.</param>
    internal Memory<byte> GetFree(int ready)
    {
        int unread = _end - _start;

        // A large frame makes this grow only as its bytes arrive, not when it is announced.
        int needed = unread + Math.Clamp(ready, 1, MaxReadSize);
        if (needed <= OwnSize)
        {
            MoveTo(_own);
            GiveBack();
        }
        else if (needed > Bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(needed);
            MoveTo(larger);
            GiveBack();
            _rented = larger;
        }
        else
        {
            MoveTo(Bytes);
        }

        return Bytes.AsMemory(_end);
    }

    /// <summary>Says how much of the free room has been filled.</summary>
    internal void Advance(int count) => _end += count;

    /// <summary>Takes the next frame. Its payload is good until <see cref="GetFree"/> or <see cref="Release"/>.</summary>
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

    /// <summary>Gives back what is borrowed and forgets what was received.</summary>
    internal void Release()
    {
        GiveBack();
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

    private void GiveBack()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
