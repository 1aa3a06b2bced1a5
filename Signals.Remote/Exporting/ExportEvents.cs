namespace Signals.Remote;

/// <summary>
/// Events for the evaluator of an exporter, in order. They are queued by a thread of the pool: an evaluator may run code of the user when something is
/// queued, and a lock may be held where the event occurs.
/// </summary>
internal sealed class ExportEvents(ConnectionEvaluator evaluator) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _events = new();

    internal void Add(Action action)
    {
        lock (_lock)
        {
            _events.Enqueue(action);
            if (_events.Count > 1)
            {
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        bool hasMore = true;
        while (hasMore)
        {
            Action next;
            lock (_lock)
            {
                next = _events.Peek();
            }

            try
            {
                evaluator.Post(next);
            }
            finally
            {
                // Removed afterwards: while there is an event, no other thread executes this.
                lock (_lock)
                {
                    _events.Dequeue();
                    hasMore = _events.Count > 0;
                }
            }
        }
    }
}
