namespace Signals;

/// <summary>How a signal behaves where there is a choice. Its constructor copies them.</summary>
public sealed class SignalOptions
{
    private SlotExceptionPolicy _exceptionPolicy;

    /// <summary>What an emission does when a slot throws and there is no <see cref="ExceptionHandler"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
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
    /// Takes each exception of a slot together with the slot's connection, on the thread that ran the slot. When it is set, emitting
    /// throws nothing and all slots run, whatever <see cref="ExceptionPolicy"/> says. What the handler itself throws reaches the emitter
    /// when all slots have run.
    /// </summary>
    public Action<Exception, ConnectionHandle>? ExceptionHandler { get; set; }

    /// <summary>Returns a copy, which later changes of these options do not affect.</summary>
    internal SignalOptions Copy() => (SignalOptions)MemberwiseClone();
}
