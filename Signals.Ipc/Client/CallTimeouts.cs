using Signals.Ipc.Threading;

namespace Signals.Ipc.Client;

/// <summary>
/// The time limits of the calls of a connection. All calls share one timer, so a call that receives its reply in time needs no timer of its own.
/// </summary>
internal sealed class CallTimeouts : IDisposable
{
    private readonly ClientCalls _calls;

    /// <summary>The time provider, which never throws. The time is read and timers are set outside all locks.</summary>
    private readonly TimeProvider _time;

    private readonly DueTimer _timer;

    internal CallTimeouts(ClientCalls calls, TimeProvider time)
    {
        _calls = calls;
        _time = time;
        _timer = new DueTimer(time, OnDue);
    }

    /// <summary>Ensures that a call ends when its time limit is over. Called after the call has been added.</summary>
    internal void Watch(CallDetails call) => _timer.Request(DueOf(call));

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    /// <summary>Ends the calls that have exceeded their time limits, and returns the time at which the next one does.</summary>
    private long OnDue()
    {
        long now = _time.GetTimestamp();
        List<IPendingCall> others = _calls.EndOverdue(call =>
        {
            CallDetails details = call.Details!;

            // If the clock jumps back, the time limit of the call starts again, so that the call does not wait until the clock has caught up.
            details.StartedAt = Math.Min(details.StartedAt, now);
            return DueOf(details) <= now;
        });
        return others.Count == 0 ? long.MaxValue : others.Min(call => DueOf(call.Details!));
    }

    private long DueOf(CallDetails call) => call.StartedAt + (long)Math.Ceiling(call.Limit.TotalSeconds * _time.TimestampFrequency);
}
