namespace Signals;

/// <summary>
/// Slot object of a kind of this library. A signal of this library does not call it, but takes the delegate out of it, so that an emission
/// calls that delegate directly, even if the connection was made through another implementation of <see cref="ISignal{T}"/>.
/// </summary>
/// <param name="bound">The delegate that takes the arguments of the signal.</param>
/// <param name="adapter">The adapter that the delegate is bound to, or null for a plain delegate.</param>
/// <param name="group">The group of the connection: see <see cref="ConnectOptions.Group"/>.</param>
internal abstract class KnownSlot(Delegate bound, SlotAdapter? adapter, int group) : ISlotLifetime
{
    /// <summary>One if the adapter has its connection; otherwise, zero.</summary>
    private int _isConnected;

    public void OnConnected(ConnectionHandle connection)
    {
        if (adapter is null)
        {
            return;
        }

        Claim();
        adapter.OnConnecting(connection);
        adapter.OnConnected();
    }

    public void OnDisconnected(bool isSignalDisposed)
    {
        if (adapter is { IsNotified: true })
        {
            adapter.OnDisconnecting();
            adapter.OnDisconnected(isSignalDisposed);
        }
    }

    /// <summary>Connects the delegate to a signal of this library.</summary>
    internal ConnectionHandle ConnectTo(SignalBase signal)
    {
        if (adapter is not null)
        {
            Claim();
        }

        return signal.ConnectPrepared(bound, adapter, group);
    }

    /// <summary>
    /// Passes the handle that another implementation has returned to the adapter, if that implementation has not reported it. Returns it.
    /// </summary>
    internal ConnectionHandle Adopted(ConnectionHandle connection)
    {
        if (adapter is not null && Interlocked.Exchange(ref _isConnected, 1) == 0)
        {
            adapter.OnConnecting(connection);
            adapter.OnConnected();
        }

        return connection;
    }

    private void Claim()
    {
        if (Interlocked.Exchange(ref _isConnected, 1) != 0)
        {
            throw new InvalidOperationException("The slot object has been connected before. Each connection needs a slot object of its own.");
        }
    }
}
