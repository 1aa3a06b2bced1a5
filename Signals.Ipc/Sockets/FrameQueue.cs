using System.Diagnostics.CodeAnalysis;

namespace Signals.Ipc.Sockets;

/// <summary>
/// The frames that wait for room, in the order in which they came. Any of them can be removed, so a removed one keeps its place until its turn
/// comes or the queue is rebuilt. A frame is added once and never again.
/// </summary>
/// <remarks>A linked list would take six times the memory for each frame. Not thread-safe: the sender's lock guards it.</remarks>
internal sealed class FrameQueue
{
    /// <summary>The number of places that are kept, whether they are used or not.</summary>
    private const int OwnPlaces = 64;

    /// <summary>The frames, and those that were removed.</summary>
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

    /// <summary>Takes the first frame out of the queue.</summary>
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

    /// <summary>Removes the frames of which a condition is true.</summary>
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
        if (_places.Count > 2 * _count + OwnPlaces)
        {
            _places = new Queue<IQueuedFrame>(_places.Where(static frame => frame.IsQueued));
        }
        else if (_places.Count == 0 && _places.Capacity > OwnPlaces)
        {
            _places = new Queue<IQueuedFrame>();
        }
    }
}
