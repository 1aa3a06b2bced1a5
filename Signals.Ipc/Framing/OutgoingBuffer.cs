using System.Buffers;

namespace Signals.Ipc.Framing;

/// <summary>Collects frames that are sent together. Like <see cref="ReceiveBuffer"/>, it takes a large array only while it needs one.</summary>
internal sealed class OutgoingBuffer
{
    /// <summary>Number of bytes that are kept while the buffer is empty.</summary>
    internal const int OwnSize = 1024;

    private byte[] _own = [];
    private byte[]? _rented;

    internal int Length { get; private set; }

    internal ReadOnlyMemory<byte> Written => Bytes.AsMemory(0, Length);

    private byte[] Bytes => _rented ?? _own;

    /// <summary>Appends a frame. If the frame throws, nothing is appended.</summary>
    internal void Append<TFrame>(in TFrame frame, int size)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        EnsureFree(size);
        frame.WriteTo(Bytes.AsSpan(Length, size));
        Length += size;
    }

    /// <summary>Empties the buffer.</summary>
    internal void Clear()
    {
        Length = 0;
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void EnsureFree(int size)
    {
        int needed = Length + size;
        if (needed <= Bytes.Length)
        {
            return;
        }

        if (needed <= OwnSize)
        {
            _own = new byte[OwnSize];
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * Bytes.Length));
        Written.Span.CopyTo(larger);
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _rented = larger;
    }
}
