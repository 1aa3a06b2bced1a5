using Microsoft.Extensions.Logging;

namespace Signals.Ipc.Transport.Custom;

/// <summary>A connector of a user, which may block and ignore its token. It is called on the thread pool.</summary>
/// <param name="connector">The connector of the user.</param>
/// <param name="endpoint">Its endpoint.</param>
/// <param name="logger">The log for what it and its transports do wrong.</param>
internal sealed class GuardedConnector(IpcConnector connector, IpcEndpoint endpoint, ILogger logger) : IpcConnector
{
    /// <inheritdoc/>
    public override IpcEndpoint Endpoint => endpoint;

    /// <inheritdoc/>
    public override async Task<IpcTransport> ConnectAsync(CancellationToken cancellationToken)
    {
        Task<IpcTransport> connecting = Task.Run(() => connector.ConnectAsync(cancellationToken), CancellationToken.None);
        try
        {
            IpcTransport? transport = await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
            return transport is null
                ? throw new InvalidOperationException($"{connector.GetType().Name} returned null.")
                : new GuardedTransport(transport, logger);
        }
        catch when (!connecting.IsFaulted && !connecting.IsCanceled)
        {
            // It may have ended since the wait did.
            _ = DisposeLateAsync(connecting);
            throw;
        }
    }

    /// <summary>Disposes the transport of an attempt that is no longer waited for.</summary>
    private async Task DisposeLateAsync(Task<IpcTransport> connecting)
    {
        try
        {
            IpcTransport? late = await connecting.ConfigureAwait(false);
            late?.Dispose();
        }
        catch (Exception exception)
        {
            TransportLog.LateAttemptThrew(logger, exception, endpoint);
        }
    }
}
