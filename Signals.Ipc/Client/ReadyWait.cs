using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>Waits until a proxy is connected, within the time limit of the call for which it waits.</summary>
internal sealed class ReadyWait
{
    private readonly ServiceProxy _proxy;
    private readonly ServiceMethod _method;
    private readonly CallOptions _options;
    private readonly TimeProvider _time;

    /// <summary>The time limit of the call, or null if it has none or that of the client.</summary>
    private readonly TimeSpan? _limit;

    private readonly long _startedAt;

    internal ReadyWait(ServiceProxy proxy, ServiceMethod method, CallOptions options)
    {
        _proxy = proxy;
        _method = method;
        _options = options;
        _time = proxy.ClientTime;
        _limit = options.Timeout == Timeout.InfiniteTimeSpan ? null : options.Timeout;
        _startedAt = _time.GetTimestamp();
    }

    /// <summary>Waits for the connection.</summary>
    /// <exception cref="TimeoutException">The time limit of the call is over.</exception>
    /// <exception cref="IpcDisconnectedException">The proxy does not belong to a client, or its client does not connect any more.</exception>
    /// <exception cref="ObjectDisposedException">The proxy has been disposed.</exception>
    internal async Task<ServiceBinding> WaitAsync(CancellationToken cancellationToken)
    {
        Task<ServiceBinding> ready = _proxy.WaitForBindingAsync();
        if (_limit is not { } limit)
        {
            return await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            TimeSpan left = limit - _time.GetElapsedTime(_startedAt);
            return await ready.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The call of {_method.FullName} timed out after {limit}, while it waited for a connection.", exception);
        }
    }

    /// <summary>Returns the options of the call, with the time that is left.</summary>
    internal CallOptions GetOptions()
    {
        if (_limit is not { } limit)
        {
            return _options;
        }

        TimeSpan left = limit - _time.GetElapsedTime(_startedAt);
        TimeSpan shortest = TimeSpan.FromMicroseconds(1);
        return new CallOptions { Timeout = left > shortest ? left : shortest, Headers = _options.Headers };
    }
}
