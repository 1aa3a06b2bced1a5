using Signals.Ipc.Guards;

namespace Signals.Ipc.Transport.Custom;

/// <summary>A listener of a user, which may block, throw and ignore its token. It is called on the thread pool.</summary>
internal sealed class GuardedListener : TransportListener
{
    /// <summary>The time after which a listener that has failed is called again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IpcListener _listener;
    private readonly ListenerSettings _settings;
    private readonly CancellationTokenSource _ended = new();

    /// <summary>One once the listener has been disposed.</summary>
    private int _isDisposed;

    internal GuardedListener(IpcListener listener, IpcEndpoint endpoint, ListenerSettings settings)
    {
        _listener = listener;
        _settings = settings;
        Endpoint = endpoint;
    }

    /// <inheritdoc/>
    internal override IpcEndpoint Endpoint { get; }

    /// <inheritdoc/>
    internal override void Start() => _ = Task.Run(AcceptAllAsync);

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = CancelAsync();
            CustomTransports.Dispose(_listener, _settings.Logger);
        }
    }

    private async Task AcceptAllAsync()
    {
        bool isPaused = false;
        while (Volatile.Read(ref _isDisposed) == 0)
        {
            try
            {
                IpcTransport? transport = await _listener.AcceptAsync(_ended.Token).ConfigureAwait(false);
                if (transport is null)
                {
                    throw new InvalidOperationException($"{_listener.GetType().Name} returned null.");
                }

                if (isPaused)
                {
                    isPaused = false;
                    TransportLog.AcceptResumed(_settings.Logger, Endpoint);
                }

                // The host refuses and disposes it if it is stopping.
                Accepted.Emit(new GuardedTransport(transport, _settings.Logger));
            }
            catch (Exception exception)
            {
                if (Volatile.Read(ref _isDisposed) != 0)
                {
                    return;
                }

                if (!isPaused)
                {
                    isPaused = true;
                    TransportLog.AcceptPaused(_settings.Logger, Endpoint, PeerText.Clean(exception.Message));
                }

                await Task.Delay(Pause, _settings.TimeProvider, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Cancels the token, whose callbacks are user code.</summary>
    private async Task CancelAsync()
    {
        try
        {
            await _ended.CancelAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            TransportLog.TransportThrew(_settings.Logger, exception);
        }
    }
}
