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
/// <param name="ranForOthers">
/// Called outside all locks by the thread that has run the actions, if <see cref="TryRun"/> returned false to another caller meanwhile; or null.
/// </param>
internal sealed class SerialQueue(ILogger logger, Action<ILogger, Exception> logFailure, Action? ranForOthers = null)
{
    /// <summary>Guards everything below. The actions run outside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The actions that have not begun.</summary>
    private readonly Queue<Action> _actions = new();

    /// <summary>A value that indicates whether a thread is running the actions.</summary>
    private bool _isRunning;

    /// <summary>A value that indicates whether <see cref="TryRun"/> returned false while the actions were running.</summary>
    private bool _isAwaited;

    internal void Add(Action action)
    {
        lock (_lock)
        {
            AssertInvariants();
            _actions.Enqueue(action);
        }
    }

    /// <summary>Runs the added actions.</summary>
    /// <returns>False if another thread, or a caller further up the stack, is already running actions. It runs these as well.</returns>
    internal bool TryRun()
    {
        lock (_lock)
        {
            AssertInvariants();
            if (_isRunning)
            {
                _isAwaited = true;
                return false;
            }

            _isRunning = true;
        }

        bool isAwaited;
        while (TryTake(out Action? action, out isAwaited))
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

        if (isAwaited)
        {
            ranForOthers?.Invoke();
        }

        return true;
    }

    /// <summary>Asserts the conditions that hold whenever the lock is taken.</summary>
    [Conditional("DEBUG")]
    private void AssertInvariants()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread);
        Debug.Assert(_actions.All(static action => action is not null), "Each action can run.");
        Debug.Assert(_isRunning || !_isAwaited, "Only running actions are awaited.");
    }

    /// <summary>Takes the next action. Returns false, and whether a caller waits for the actions, if there is none: then the thread does not run them any more.</summary>
    private bool TryTake([NotNullWhen(true)] out Action? action, out bool isAwaited)
    {
        lock (_lock)
        {
            AssertInvariants();
            _isRunning = _actions.TryDequeue(out action);
            isAwaited = !_isRunning && _isAwaited;
            _isAwaited &= _isRunning;
            return _isRunning;
        }
    }
}
