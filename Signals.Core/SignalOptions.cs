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

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal SignalOptions Copy() => (SignalOptions)MemberwiseClone();
}
