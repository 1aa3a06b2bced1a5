namespace Signals;

/// <summary>Stands between a signal and a user's slot wherever the slot is not simply called with the signal's arguments.</summary>
internal abstract class SlotAdapter
{
    /// <summary>Which kind of connection this makes.</summary>
    internal abstract ConnectionKind Kind { get; }

    /// <summary>What the user connected.</summary>
    internal abstract Delegate UserSlot { get; }

    /// <summary>Whether <see cref="OnDisconnected"/> wants to be called.</summary>
    internal virtual bool IsNotified => false;

    /// <summary>Tells the adapter its connection, before the first emission can reach it. Called inside the signal's lock.</summary>
    internal virtual void OnConnecting(ConnectionHandle handle) { }

    /// <summary>
    /// Called once, inside the signal's lock, when the connection ends, if <see cref="IsNotified"/>. Must neither fail nor run user code.
    /// </summary>
    internal virtual void OnDisconnecting() { }

    /// <summary>Called once, outside every lock, when the connection has gone.</summary>
    /// <param name="signalEnded">Whether it went because the signal was disposed.</param>
    internal virtual void OnDisconnected(bool signalEnded) { }
}

/// <inheritdoc/>
internal abstract class SlotAdapter<TArguments> : SlotAdapter
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Does what this kind of connection does with an emission.</summary>
    internal abstract void Run(TArguments arguments);
}
