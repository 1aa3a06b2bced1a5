using System.Diagnostics;

namespace Signals.Nats;

/// <summary>
/// Actions that run one after another on threads of the pool, because they may run user code, which must not delay the thread that reads from the network.
/// </summary>
/// <param name="failed">The delegate that is called for an exception of an action.</param>
internal sealed class SerialQueue(Action<Exception> failed) : IThreadPoolWorkItem
{
    /// <summary>The maximum number of pending actions for messages from the network. Further messages are dropped, which their numbers reveal.</summary>
    private const int MaxCount = 65_536;

    private readonly Lock _lock = new();
    private readonly Queue<Action> _actions = new();
    private bool _isRunning;

    /// <summary>Adds an action that the exchange itself needs.</summary>
    internal void Add(Action action) => TryAdd(action, int.MaxValue);

    /// <summary>Adds an action for a message from the network.</summary>
    internal void AddReceived(Action action) => TryAdd(action, MaxCount);

    void IThreadPoolWorkItem.Execute()
    {
        while (TryTake(out Action? next))
        {
            try
            {
                next();
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }

    private void TryAdd(Action action, int maxCount)
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_actions.Count >= maxCount)
            {
                return;
            }

            _actions.Enqueue(action);
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Action? next)
    {
        lock (_lock)
        {
            AssertInvariants();
            _isRunning = _actions.TryDequeue(out next);
            return _isRunning;
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_actions.Count == 0 || _isRunning, "A thread runs the pending actions.");
    }
}
