using Signals.Ipc.Framing;

namespace Signals.Ipc.Connections;

/// <summary>
/// The bytes of a sender: frames are written into one buffer while the other one is being sent. Guarded by the sender's lock, unless a member says
/// otherwise.
/// </summary>
/// <param name="settings">The limits.</param>
internal sealed class SendBuffers(IpcConnectionSettings settings)
{
    /// <summary>
    /// The number of frames that the reading thread accumulates before it sends, so that the peer processes them while this thread processes the rest of
    /// what it has read. Fewer cost more system calls, and more leave the peer without work.
    /// </summary>
    internal const int FramesOfBatch = 64;

    /// <summary>The number of bytes that the reading thread accumulates before it sends.</summary>
    internal const int BytesOfBatch = 64 * 1024;

    /// <summary>The buffer to which frames are added.</summary>
    private OutgoingBuffer _pending = new();

    /// <summary>The buffer that is being sent.</summary>
    private OutgoingBuffer _sending = new();

    /// <summary>The number of frames in <see cref="_pending"/>.</summary>
    private int _pendingFrames;

    /// <summary>The number of bytes that have been written into the buffers since the connection was created.</summary>
    private long _written;

    /// <summary>The number of bytes that the system has accepted. Written by the sending thread.</summary>
    private long _sent;

    /// <summary>The number of bytes that have been passed to the system, which may not have accepted all of them. Written by the sending thread.</summary>
    private long _offered;

    /// <summary>Gets the number of bytes that the system has not accepted yet. Read after every call, hence without the lock: never too low.</summary>
    internal long UnsentBytes
    {
        get
        {
            // The order matters: bytes that are sent in between can make the result too high, but never negative.
            long sent = Volatile.Read(ref _sent);
            return Volatile.Read(ref _written) - sent;
        }
    }

    /// <summary>Gets a value that indicates whether fewer bytes are unsent than callers wait for.</summary>
    internal bool HasRoom => _written - _sent < settings.MaxUnsentBytes;

    /// <summary>Gets a value that indicates whether no frame waits to be sent.</summary>
    internal bool IsEmpty => _pending.Length == 0;

    /// <summary>Gets a value that indicates whether so much waits to be sent that the reading thread sends it before it handles further frames.</summary>
    internal bool HasBatch => _pendingFrames >= FramesOfBatch || _pending.Length >= BytesOfBatch;

    /// <summary>Gets the bytes that are being sent. Used by the sending thread, without the lock.</summary>
    internal ReadOnlyMemory<byte> Sending => _sending.Written;

    /// <summary>
    /// Returns a value that indicates whether the system may have accepted all bytes up to a mark: it has, or they have been passed to it and the
    /// result is outstanding. While the connection is active, false proves nothing. Called without the lock.
    /// </summary>
    internal bool MayBeSent(long mark) => mark <= Volatile.Read(ref _offered);

    /// <summary>Writes a frame. Returns its mark: the frame is sent when all bytes up to the mark are sent.</summary>
    /// <exception cref="IpcException">The frame is larger than allowed.</exception>
    internal long Write<TFrame>(in TFrame frame)
        where TFrame : struct, IOutgoingFrame, allows ref struct
    {
        int size = frame.CalculateSize();
        if (size > settings.MaxFrameSize)
        {
            throw FrameSender.TooLarge(size, settings.MaxFrameSize);
        }

        _pending.Append(frame, size);
        _pendingFrames++;
        long mark = _written + size;
        Volatile.Write(ref _written, mark);
        return mark;
    }

    /// <summary>Takes the frames that wait, in order to send them.</summary>
    internal void BeginSending()
    {
        (_pending, _sending) = (_sending, _pending);
        _pendingFrames = 0;
    }

    /// <summary>Counts bytes before the system can accept any of them. Called by the sending thread, without the lock.</summary>
    internal void Offer(int count) => Volatile.Write(ref _offered, _sent + count);

    /// <summary>Counts bytes that the system has accepted.</summary>
    internal void CountSent(int count) => Volatile.Write(ref _sent, _sent + count);

    /// <summary>Ends the sending of a buffer.</summary>
    internal void EndSending() => _sending.Clear();

    /// <summary>Drops the frames that wait.</summary>
    internal void Clear()
    {
        _pending.Clear();
        _pendingFrames = 0;
    }

    /// <summary>Gets a value that indicates whether the counts are consistent.</summary>
    internal bool IsConsistent => _sent <= _written && _sent <= Volatile.Read(ref _offered) && (_pendingFrames == 0) == (_pending.Length == 0);
}
