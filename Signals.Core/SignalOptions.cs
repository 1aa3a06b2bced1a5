namespace Signals;

/// <summary>Options of a signal. The signal's constructor copies them, so later changes do not affect it.</summary>
public sealed class SignalOptions
{
    private SlotExceptionPolicy _exceptionPolicy;

    /// <summary>
    /// Gets or sets the policy for a slot that throws while <see cref="ExceptionHandler"/> is null. The default is
    /// <see cref="SlotExceptionPolicy.RunAllThenThrow"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a defined <see cref="SlotExceptionPolicy"/>.</exception>
    public SlotExceptionPolicy ExceptionPolicy
    {
        get => _exceptionPolicy;
        set =>
            _exceptionPolicy = Enum.IsDefined(value)
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"{nameof(ExceptionPolicy)} must be {nameof(SlotExceptionPolicy.RunAllThenThrow)} or {nameof(SlotExceptionPolicy.StopAtFirst)}."
                );
    }

    /// <summary>
    /// Gets or sets the handler that is called with each exception that a slot throws, and with the slot's connection, on the thread that
    /// ran the slot. The default is null.
    /// </summary>
    /// <remarks>
    /// If a handler is set, emissions do not throw the exceptions of slots, and all slots run, regardless of <see cref="ExceptionPolicy"/>.
    /// Exceptions of the handler itself are thrown to the caller of the emission or evaluation after all slots have run.
    /// </remarks>
    public Action<Exception, ConnectionHandle>? ExceptionHandler { get; set; }

    /// <summary>
    /// Gets or sets the handler that is called when the signal gets its first connection, for example to start an event source that costs
    /// something while it is used. The default is null.
    /// </summary>
    /// <remarks>
    /// <para>The handler is called after the connection has been made, while no lock of this library is held, on the thread that connects. It is
    /// also called for the first connection after <see cref="LastDisconnectedHandler"/>. The calls of the two handlers alternate and never
    /// overlap. If another thread changes the connections during a call, it does not wait: the thread that is inside the handler makes the
    /// next call. Connections that begin and end during a call may be left out; the last call always corresponds to the connections that
    /// exist. Blocked connections count.</para>
    /// <para>An exception of the handler goes to the <see cref="ExceptionHandler"/>, with an inactive handle, or is unhandled if there is
    /// none.</para>
    /// </remarks>
    public Action? FirstConnectedHandler { get; set; }

    /// <summary>
    /// Gets or sets the handler that is called when the last connection of the signal has ended for any reason, the disposal of the signal
    /// included. The default is null. See <see cref="FirstConnectedHandler"/>.
    /// </summary>
    /// <remarks>
    /// The handler is called on the thread that ended the connection. A weak connection whose target has been collected ends with the
    /// next emission or connect.
    /// </remarks>
    public Action? LastDisconnectedHandler { get; set; }

    /// <summary>
    /// Gets or sets the name of the signal in the snapshots of <see cref="SignalTracker"/> and in traces. The default is null: the signal is then named after
    /// the type whose code creates it.
    /// </summary>
    public string? Name { get; set; }

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal SignalOptions Copy() => (SignalOptions)MemberwiseClone();
}
