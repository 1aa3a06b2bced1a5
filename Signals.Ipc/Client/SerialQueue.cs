using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Runs actions outside all locks, in the order in which they were added: they are added inside the lock that guards the change that causes them, and
/// run afterwards, by one thread at a time.
/// </summary>
/// <param name="logger">The logger.</param>
/// <param name="logFailure">Logs an exception that an action throws. The actions after it still run.</param>
internal sealed class SerialQueue(ILogger logger, Action<ILogger, Exception> logFailure)
{
    /// <summary>Guards everything below. The actions run outside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The actions that have not begun.</summary>
    private readonly Queue<Action> _actions = new();

    /// <summary>A value that indicates whether a thread is running the actions.</summary>
    private bool _isRunning;

    internal void Add(Action action)
    {
        lock (_lock)
        {
            AssertInvariants();
            _actions.Enqueue(action);
        }
    }

    /// <summary>
    /// Runs the added actions. If another thread, or a caller further up the stack, is already running actions, it runs these as well.
    /// </summary>
    internal void Run()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        while (TryTake(out Action? action))
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                logFailure(logger, exception);
            }
        }
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_actions.All(static action => action is not null), "Each action can run.");
    }

    private bool TryTake([NotNullWhen(true)] out Action? action)
    {
        lock (_lock)
        {
            AssertInvariants();
            _isRunning = _actions.TryDequeue(out action);
            return _isRunning;
        }
    }
}
