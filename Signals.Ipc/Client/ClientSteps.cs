using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Client;

/// <summary>
/// The steps that follow changes of a client's state. They are added inside the client's lock and run outside it, by one thread at a time, in the order in
/// which they were added.
/// </summary>
internal sealed class ClientSteps
{
    private readonly IpcEndpoint _endpoint;

    /// <summary>The queued events of the signals of the client and its proxies.</summary>
    private readonly SerialQueue _events;

    /// <summary>The steps that begin, await and end attempts to connect, with the events between them.</summary>
    private readonly SerialQueue _attempts;

    /// <summary>The requests that bind proxies and call their streams again. They have their own queue, so that they never wait for user code.</summary>
    private readonly SerialQueue _sends;

    internal ClientSteps(ILogger logger, IpcEndpoint endpoint)
    {
        _endpoint = endpoint;
        _events = new SerialQueue(logger, (log, exception) => ClientLog.NotificationFailed(log, _endpoint, exception));
        _attempts = new SerialQueue(logger, LogFailure, RunAllSoon);
        _sends = new SerialQueue(logger, LogFailure, RunAllSoon);
    }

    /// <summary>Adds a step of an attempt to connect.</summary>
    internal void AddAttempt(Action step) => _attempts.Add(step);

    /// <summary>Adds a request. Events that are added after it are raised after it has been sent.</summary>
    internal void AddSend(Action send) => _sends.Add(send);

    /// <summary>
    /// Adds an event after the steps of attempts that were added before it, so that a change has been made when a signal reports it.
    /// </summary>
    internal void Raise(Action raise) => _attempts.Add(() => _events.Add(raise));

    /// <summary>Sends the requests.</summary>
    internal void RunSends() => _sends.TryRun();

    /// <summary>Runs the steps of attempts.</summary>
    internal void RunAttempts() => _attempts.TryRun();

    /// <summary>Runs all steps. If another thread is running some of them, all that follow are run after it has.</summary>
    internal void RunAll()
    {
        if (_sends.TryRun() && _attempts.TryRun())
        {
            _events.TryRun();
        }
    }

    /// <summary>Runs all steps on the thread pool, since user code must not block a thread that receives or runs timers.</summary>
    internal void RunAllSoon() => ThreadPool.UnsafeQueueUserWorkItem(static steps => steps.RunAll(), this, preferLocal: false);

    private void LogFailure(ILogger logger, Exception exception) => ClientLog.StepFailed(logger, _endpoint, exception);
}
