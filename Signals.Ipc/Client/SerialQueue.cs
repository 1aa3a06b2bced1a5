using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Runs actions in the order in which their causes happened, outside every lock: they are added inside the lock under which the cause
/// happens, and run afterwards, by one thread at a time.
/// </summary>
/// <param name="logger">The log.</param>
/// <param name="logFailure">Logs what an action throws; the actions behind it run all the same.</param>
internal sealed class SerialQueue(ILogger logger, Action<ILogger, Exception> logFailure)
{
    /// <summary>Guards everything below. The actions run outside it.</summary>
    private readonly Lock _lock = new();

    /// <summary>The actions that have not begun.</summary>
    private readonly Queue<Action> _actions = new();

    /// <summary>Indicates whether a thread runs the actions.</summary>
    private bool _isRunning;

    internal void Add(Action action)
    {
        lock (_lock)
        {
            _actions.Enqueue(action);
        }
    }

    /// <summary>Runs the added actions. If another thread, or this one further up the stack, is running actions already, it runs these too.</summary>
    internal void Run()
    {
        lock (_lock)
        {
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

    private bool TryTake([NotNullWhen(true)] out Action? action)
    {
        lock (_lock)
        {
            _isRunning = _actions.TryDequeue(out action);
            return _isRunning;
        }
    }
}
