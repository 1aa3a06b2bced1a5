using System.Threading.Channels;

namespace Signals;

/// <summary>
/// The capacity of an evaluator's queue: it decides whether an invocation is added, and which one is dropped instead. Guarded by the queue's lock.
/// </summary>
/// <param name="evaluator">The evaluator.</param>
/// <param name="queue">The queue.</param>
/// <param name="options">The options of the evaluator, which are not kept.</param>
internal sealed class QueueLimit(ConnectionEvaluator evaluator, InvocationQueue queue, ConnectionEvaluatorOptions options)
{
    private readonly BoundedChannelFullMode _fullMode = options.FullMode;

    /// <summary>Number of invocations that were dropped because the queue was full or a later value replaced them.</summary>
    private long _dropped;

    /// <summary>Gets the maximum number of invocations.</summary>
    internal int Capacity { get; } = options.Capacity ?? int.MaxValue;

    /// <summary>Gets the number of dropped invocations. May be read without the lock.</summary>
    internal long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Determines whether an invocation is to be added, and makes room for it. May release the lock while it waits.</summary>
    internal bool MayAdd<T>(DeferredSlot slot, ArgumentStore<T> store, T arguments)
    {
        while (true)
        {
            if (slot.HasEnded || evaluator.IsDisposed)
            {
                return false;
            }

            Admission admission = slot.Admit(queue);
            if (admission != Admission.Queued)
            {
                if (admission == Admission.Replaced)
                {
                    queue.ReplaceLatest(slot, store, arguments);
                    _dropped++;
                }

                return false;
            }

            if (queue.PendingCount - queue.Exempt < Capacity || slot.IsNeverDropped)
            {
                break;
            }

            if (_fullMode == BoundedChannelFullMode.Wait)
            {
                if (evaluator.IsEvaluatingThread)
                {
                    break;
                }

                evaluator.WaitForChange();
                continue;
            }

            if (_fullMode == BoundedChannelFullMode.DropWrite)
            {
                _dropped++;
                return false;
            }

            // If only posted actions are queued, none can be dropped, and the queue exceeds its capacity by one.
            if (_fullMode == BoundedChannelFullMode.DropNewest ? queue.Removal.TryRemoveNewest() : queue.Removal.TryRemoveOldest())
            {
                _dropped++;
            }

            break;
        }

        return true;
    }
}
