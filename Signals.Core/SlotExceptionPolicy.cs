namespace Signals;

/// <summary>Specifies the behavior of an emission when a slot throws.</summary>
public enum SlotExceptionPolicy
{
    /// <summary>
    /// The other slots still run. Afterwards, a single exception is rethrown with its original stack trace, and several are thrown as an
    /// <see cref="AggregateException"/> in the order of their slots.
    /// </summary>
    RunAllThenThrow,

    /// <summary>
    /// The first exception ends the emission and propagates to the emitter immediately, as with a C# <see langword="event"/>.
    /// </summary>
    StopAtFirst,
}
