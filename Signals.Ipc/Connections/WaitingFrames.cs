namespace Signals.Ipc.Connections;

/// <summary>
/// The frames of a sender that wait: for room, or because the peer limits their number. Those that are held back for the latter reason do not delay the
/// others. Guarded by the sender's lock, except <see cref="HeldBackCount"/>.
/// </summary>
/// <param name="owner">Knows how many frames the peer accepts.</param>
/// <param name="buffers">The buffers that the frames wait for.</param>
internal sealed class WaitingFrames(IFrameSenderOwner owner, SendBuffers buffers)
{
    /// <summary>The frames that wait for room, in order of arrival.</summary>
    private readonly FrameQueue _queued = new();

    /// <summary>The frames that are held back, in order of arrival.</summary>
    private readonly FrameQueue _heldBack = new();

    private int _heldBackCount;

    /// <summary>Gets the number of frames that are held back. Read without the lock, too.</summary>
    internal int HeldBackCount => Volatile.Read(ref _heldBackCount);

    /// <summary>Gets a value that indicates whether a frame may be written that does not wait behind others.</summary>
    internal bool HasRoom => _queued.IsEmpty && buffers.HasRoom;

    /// <summary>Gets a value that indicates whether frames wait for room.</summary>
    internal bool HasQueued => !_queued.IsEmpty;

    /// <summary>Gets a value that indicates whether the frames that are held back are counted.</summary>
    internal bool IsConsistent => _heldBack.IsEmpty == (_heldBackCount == 0);

    /// <summary>Returns a value that indicates whether the peer accepts no further frame of this kind.</summary>
    internal bool MustHoldBack(IQueuedFrame frame) => frame.IsLimited && (_heldBackCount != 0 || !owner.AcceptsLimited(heldBack: 0));

    /// <summary>Adds a frame that waits for room.</summary>
    internal void Queue(IQueuedFrame frame) => _queued.Add(frame);

    /// <summary>Adds a frame that the peer does not accept.</summary>
    internal void HoldBack(IQueuedFrame frame)
    {
        _heldBack.Add(frame);
        frame.IsHeldBack = true;

        // A full barrier: either this thread then sees that the peer accepts the frame, or the thread that has ended another one sees this frame.
        Interlocked.Increment(ref _heldBackCount);
    }

    /// <summary>Removes a frame. Returns false if it does not wait.</summary>
    internal bool Remove(IQueuedFrame frame)
    {
        if (!frame.IsHeldBack)
        {
            return _queued.Remove(frame);
        }

        Forget(frame);
        return _heldBack.Remove(frame);
    }

    /// <summary>Removes and returns the frames that wait for room and for which a condition is true.</summary>
    internal List<IQueuedFrame> RemoveQueued(Predicate<IQueuedFrame> condition) => _queued.RemoveAll(condition);

    /// <summary>Removes and returns all frames.</summary>
    internal List<IQueuedFrame> RemoveAll()
    {
        List<IQueuedFrame> heldBack = _heldBack.RemoveAll(static _ => true);
        heldBack.ForEach(Forget);
        return [.. _queued.RemoveAll(static _ => true), .. heldBack];
    }

    /// <summary>Writes the first frame that waits for room. Returns false if none waits or there is no room.</summary>
    internal bool TryWriteQueued(out WrittenFrame written)
    {
        written = default;
        if (!buffers.HasRoom || !_queued.TryTake(out IQueuedFrame? frame))
        {
            return false;
        }

        written = WrittenFrame.Of(frame, new FrameWriter(buffers));
        return true;
    }

    /// <summary>Writes frames that are held back and that the peer accepts, or queues them if there is no room.</summary>
    /// <param name="most">The maximum number of frames to write.</param>
    internal List<WrittenFrame> Release(int most)
    {
        List<WrittenFrame> written = [];
        while (written.Count < most && owner.AcceptsLimited(_heldBackCount) && _heldBack.TryTake(out IQueuedFrame? frame))
        {
            Forget(frame);
            if (HasRoom)
            {
                written.Add(WrittenFrame.Of(frame, new FrameWriter(buffers)));
            }
            else
            {
                _queued.Add(frame);
            }
        }

        return written;
    }

    private void Forget(IQueuedFrame frame)
    {
        frame.IsHeldBack = false;
        Volatile.Write(ref _heldBackCount, _heldBackCount - 1);
    }
}
