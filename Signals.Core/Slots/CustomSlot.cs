namespace Signals;

/// <summary>Adapter that invokes a slot object of another class.</summary>
/// <param name="slot">The slot object.</param>
/// <param name="invoke">The delegate that invokes it. Calling it costs less than a call through the interface.</param>
internal sealed class CustomSlot<TArguments>(ISlotLifetime slot, Delegate invoke) : HandleSlot<TArguments>(invoke)
    where TArguments : struct, IArguments<TArguments>
{
    private const int New = 0;
    private const int Connected = 1;
    private const int Ended = 2;

    /// <summary>The last report to the slot object.</summary>
    private int _state;

    /// <summary>
    /// Indicates whether the slot object has its handle. Emissions on other threads that come earlier take place before the connect, which has
    /// not returned yet.
    /// </summary>
    private volatile bool _isReachable;

    /// <summary>Indicates whether the connection ended because the signal was disposed. Written before the state.</summary>
    private bool _signalEnded;

    internal override ConnectionKind Kind => ConnectionKind.Custom;

    internal override bool IsNotified => true;

    internal override bool EndsWithUserCode => true;

    internal override void Run(TArguments arguments)
    {
        if (_isReachable)
        {
            arguments.Invoke(UserSlot);
        }
    }

    internal override void OnConnected()
    {
        try
        {
            slot.OnConnected(Handle);
        }
        catch
        {
            Handle.Disconnect();
            throw;
        }

        _isReachable = true;
        if (Interlocked.CompareExchange(ref _state, Connected, New) == Ended)
        {
            // Another thread, or the slot object itself, has ended the connection before this one was reported.
            slot.OnDisconnected(_signalEnded);
        }
    }

    internal override void OnDisconnected(bool signalEnded)
    {
        _signalEnded = signalEnded;
        if (Interlocked.Exchange(ref _state, Ended) == Connected)
        {
            slot.OnDisconnected(signalEnded);
        }
    }
}
