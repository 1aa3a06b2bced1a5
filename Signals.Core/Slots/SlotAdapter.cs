namespace Signals;

/// <summary>Adapter between a signal and a user's slot that is not called directly with the signal's arguments.</summary>
internal abstract class SlotAdapter
{
    /// <summary>Gets the kind of the connection, for debuggers.</summary>
    internal abstract ConnectionKind Kind { get; }

    /// <summary>Gets the delegate that the user connected.</summary>
    internal abstract Delegate UserSlot { get; }

    /// <summary>
    /// Gets the object that, with the method of <see cref="UserSlot"/>, identifies what the connection calls. Null if it no longer exists, or if the
    /// method needs no object.
    /// </summary>
    internal virtual object? BoundTarget => UserSlot.Target;

    /// <summary>Gets the evaluator that runs the slot, or null if emissions do.</summary>
    internal virtual ConnectionEvaluator? RunsOn => null;

    /// <summary>
    /// Gets a value that indicates whether <see cref="OnDisconnecting"/> and <see cref="OnDisconnected"/> are called when the connection
    /// ends.
    /// </summary>
    internal virtual bool IsNotified => false;

    /// <summary>
    /// Gets a value that indicates whether <see cref="OnDisconnected"/> runs user code. It is then called after that of the other adapters, so
    /// that the user code finds no invocation of the signal queued.
    /// </summary>
    internal virtual bool EndsWithUserCode => false;

    /// <summary>
    /// Called before the connection is made, while no lock is held. If it throws, no connection is made, and no other member is called.
    /// </summary>
    internal virtual void OnPreparing() { }

    /// <summary>Called if the connection could not be made after <see cref="OnPreparing"/>, while no lock is held.</summary>
    internal virtual void OnRejected() { }

    /// <summary>
    /// Called with the handle of the connection, before an emission can reach the slot and while the signal's lock is held.
    /// </summary>
    internal virtual void OnConnecting(ConnectionHandle handle) { }

    /// <summary>
    /// Called after the connection has been made, while no lock is held. An emission on another thread may have reached the slot before.
    /// </summary>
    internal virtual void OnConnected() { }

    /// <summary>
    /// Called when the connection ends, while the signal's lock is held, if <see cref="IsNotified"/> is true. Must not fail and must not
    /// run user code.
    /// </summary>
    internal virtual void OnDisconnecting() { }

    /// <summary>Called after the connection has ended, while no lock is held, if <see cref="IsNotified"/> is true.</summary>
    /// <param name="signalEnded">True if the connection ended because the signal was disposed.</param>
    internal virtual void OnDisconnected(bool signalEnded) { }
}

/// <inheritdoc/>
internal abstract class SlotAdapter<TArguments> : SlotAdapter
    where TArguments : struct, IArguments<TArguments>
{
    /// <summary>Processes an emission in the way of this kind of connection.</summary>
    internal abstract void Run(TArguments arguments);
}
