namespace Signals.Ipc.Client;

/// <summary>
/// Reminds of a client that was never told to connect although <see cref="IpcClient.BindAsync"/> waits for it. The members are called by one thread at a time
/// and outside the owner's lock, since they call the time provider.
/// </summary>
/// <param name="time">The source of time.</param>
/// <param name="remind">Called when the time is over.</param>
internal sealed class BindReminder(TimeProvider time, Action remind) : IDisposable
{
    /// <summary>The time after which the wait is worth a log entry: programs that bind first and then connect take less.</summary>
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    private ITimer? _timer;

    private bool _isDisposed;

    internal void Start()
    {
        if (!_isDisposed)
        {
            _timer ??= time.CreateTimer(static state => ((Action)state!)(), remind, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(Delay, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Stop() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _timer?.Dispose();
    }
}
