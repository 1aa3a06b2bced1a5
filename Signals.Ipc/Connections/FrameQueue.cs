using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Connections;

/// <summary>
/// The frames that wait for room, in order of arrival. Any frame can be removed; a removed frame keeps its place until it reaches the front
/// or the queue is rebuilt. A frame is added at most once.
/// </summary>
/// <remarks>A linked list would use six times the memory for each frame. Not thread-safe: the sender's lock guards it.</remarks>
internal sealed class FrameQueue
{
    /// <summary>The number of places whose memory is kept even if they are unused.</summary>
    private const int OwnPlaces = 64;

    /// <summary>The frames, including removed ones.</summary>
    private Queue<IQueuedFrame> _places = new();

    /// <summary>The number of frames that have not been removed.</summary>
    private int _count;

    internal bool IsEmpty => _count == 0;

    internal void Add(IQueuedFrame frame)
    {
        _places.Enqueue(frame);
        frame.IsQueued = true;
        _count++;
    }

    /// <summary>Dequeues the first frame.</summary>
    /// <returns>False if the queue is empty.</returns>
    internal bool TryTake([NotNullWhen(true)] out IQueuedFrame? frame)
    {
        while (_places.TryDequeue(out frame))
        {
            if (frame.IsQueued)
            {
                Forget(frame);
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes a frame.</summary>
    /// <returns>False if it is not in the queue.</returns>
    internal bool Remove(IQueuedFrame frame)
    {
        if (!frame.IsQueued)
        {
            return false;
        }

        Forget(frame);
        return true;
    }

    /// <summary>Removes and returns the frames for which a condition is true.</summary>
    internal List<IQueuedFrame> RemoveAll(Predicate<IQueuedFrame> condition)
    {
        List<IQueuedFrame> removed = [.. _places.Where(frame => frame.IsQueued && condition(frame))];
        removed.ForEach(Forget);
        return removed;
    }

    private void Forget(IQueuedFrame frame)
    {
        frame.IsQueued = false;
        _count--;
        if (_places.Count > 2 * _count + OwnPlaces || (_places.Count == 0 && _places.Capacity > OwnPlaces))
        {
            Rebuild();
        }
    }

    /// <summary>Releases the places of removed frames.</summary>
    private void Rebuild()
    {
        try
        {
            _places = new Queue<IQueuedFrame>(_places.Where(static frame => frame.IsQueued));
        }
        catch (OutOfMemoryException)
        {
            // The removed frames keep their places until they reach the front.
        }
    }
}
