namespace Signals;

/// <summary>What an emission does when a slot throws.</summary>
public enum SlotExceptionPolicy
{
    /// <summary>
    /// The other slots run all the same; afterwards one exception is thrown again with the stack trace that it had, and several as an
    /// <see cref="AggregateException"/> in the order of their slots.
    /// </summary>
    RunAllThenThrow,

    /// <summary>The first exception ends the emission and reaches the emitter at once, as with a C# <see langword="event"/>.</summary>
    StopAtFirst,
}
