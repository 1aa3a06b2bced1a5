using Signals.Ipc.Framing;
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

    /// <summary>Begins the wait. The options are copied, and their headers are checked.</summary>
    /// <exception cref="ArgumentException">A header is not valid.</exception>
    internal ReadyWait(ServiceProxy proxy, ServiceMethod method, CallOptions options)
    {
        _proxy = proxy;
        _method = method;
        CallHeaders.Encode(options.Headers);
        _options = new CallOptions
        {
            Timeout = options.Timeout,
            Headers = options.Headers is null ? null : new Dictionary<string, string>(options.Headers),
        };
        _time = proxy.ClientTime;
        TimeSpan? limit = options.Timeout ?? (method.IsStreaming ? null : proxy.ClientCallTimeout);
        _limit = limit == Timeout.InfiniteTimeSpan ? null : limit;
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
