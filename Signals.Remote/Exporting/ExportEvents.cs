using System.Diagnostics;

namespace Signals.Remote;

/// <summary>
/// Events for the evaluator of an exporter, in order. They are queued by a thread of the pool: an evaluator may run code of the user when something is
/// queued, and a lock may be held where the event occurs.
/// </summary>
internal sealed class ExportEvents(ConnectionEvaluator evaluator) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _events = new();

    /// <summary>Indicates whether a thread queues events at the evaluator, or is about to.</summary>
    private bool _isPosting;

    internal void Add(Action action)
    {
        lock (_lock)
        {
            AssertInvariants();
            _events.Enqueue(action);
            if (_isPosting)
            {
                return;
            }

            _isPosting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out Action? next))
        {
            EvaluatorPosts.TryPost(evaluator, next, out _);
        }
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Action? next)
    {
        lock (_lock)
        {
            AssertInvariants();
            _isPosting = _events.TryDequeue(out next);
            return _isPosting;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_events.Count == 0 || _isPosting, "What waits is queued at the evaluator.");
    }
}
