using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// Raises events in the order in which their causes happened, outside every lock: they are added inside the lock under which the cause
/// happens, and run afterwards, by one thread at a time.
/// </summary>
internal sealed partial class EventQueue(ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _events = new();
    private bool _isRunning;

    internal void Add(Action raise)
    {
        lock (_lock)
        {
            _events.Enqueue(raise);
        }
    }

    /// <summary>Raises what has been added, unless another thread, or this one further up, is doing that: then it goes on to these.</summary>
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

        while (TryTake(out Action? raise))
        {
            try
            {
                raise();
            }
            catch (Exception exception)
            {
                // An evaluator that cannot be woken must not stop what the client does itself.
                RaisingFailed(logger, exception);
            }
        }
    }

    [LoggerMessage(11, LogLevel.Error, "The evaluator could not be told of an event")]
    private static partial void RaisingFailed(ILogger logger, Exception exception);

    private bool TryTake([NotNullWhen(true)] out Action? raise)
    {
        lock (_lock)
        {
            _isRunning = _events.TryDequeue(out raise);
            return _isRunning;
        }
    }
}
