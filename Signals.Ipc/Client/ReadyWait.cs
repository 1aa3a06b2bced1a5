using Signals.Ipc.Services;

namespace Signals.Ipc.Client;

/// <summary>Waits until a proxy is connected, within the time limit of the call for which it waits.</summary>
/// <param name="proxy">The proxy.</param>
/// <param name="method">The called method.</param>
/// <param name="details">The time limit and headers of the call, or null if it has none.</param>
internal readonly struct ReadyWait(ServiceProxy proxy, ServiceMethod method, CallDetails? details)
{
    /// <summary>Waits until the proxy is connected, and returns its binding.</summary>
    /// <exception cref="TimeoutException">The time limit of the call is over.</exception>
    /// <exception cref="IpcDisconnectedException">The proxy does not belong to a client, or its client does not connect any more.</exception>
    /// <exception cref="ObjectDisposedException">The proxy has been disposed.</exception>
    internal async Task<ServiceBinding> WaitAsync(CancellationToken cancellationToken)
    {
        Task<ServiceBinding> ready = proxy.WaitForBindingAsync();
        if (details is not { HasLimit: true })
        {
            return await ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        TimeProvider time = proxy.ClientTime;
        try
        {
            TimeSpan left = details.Limit - time.GetElapsedTime(details.StartedAt);
            return await ready.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The call of {method.FullName} timed out after {details.Limit}, while it waited for a connection.", exception);
        }
    }
}
