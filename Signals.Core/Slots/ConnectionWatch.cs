namespace Signals;

/// <summary>
/// Reports to the owner of a signal that the first connection was made and that the last one has ended. The reports alternate and never
/// overlap: a thread that changes the connections during a report leaves the next report to the reporting thread, which reads the state again.
/// </summary>
/// <param name="first">The owner's handler for the first connection, or null.</param>
/// <param name="last">The owner's handler for the end of the last connection, or null.</param>
internal sealed class ConnectionWatch(Action? first, Action? last)
{
    private readonly object _gate = new();

    /// <summary>Indicates whether the last report was that there are connections.</summary>
    private bool _isConnected;

    /// <summary>Indicates whether a thread is reporting.</summary>
    private bool _isReporting;

    /// <summary>Creates the watch that the options of a signal ask for, or returns null.</summary>
    internal static ConnectionWatch? Of(SignalOptions options) =>
        options.FirstConnectedHandler is null && options.LastDisconnectedHandler is null
            ? null
            : new ConnectionWatch(options.FirstConnectedHandler, options.LastDisconnectedHandler);

    /// <summary>Reports changes of a signal's connections, unless another thread does. Called after each change, while no lock is held.</summary>
    internal void Update(SignalBase signal)
    {
        while (TryBegin(signal, out bool isConnected))
        {
            try
            {
                (isConnected ? first : last)?.Invoke();
            }
            catch (Exception exception)
            {
                UnhandledFailure.Report(exception, new ConnectionHandle(signal, default));
            }

            using (Uninterruptible.Enter(_gate))
            {
                _isReporting = false;
            }
        }
    }

    /// <summary>Begins a report if one is due. The number of connections is read while no report is active, so none is missed.</summary>
    private bool TryBegin(SignalBase signal, out bool isConnected)
    {
        using (Uninterruptible.Enter(_gate))
        {
            isConnected = !signal.IsEmpty;
            if (_isReporting || isConnected == _isConnected)
            {
                return false;
            }

            _isConnected = isConnected;
            _isReporting = true;
            return true;
        }
    }
}
