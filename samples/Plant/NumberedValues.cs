using Signals.Remote;

namespace Plant;

/// <summary>
/// Compares the numbers of a signal's values with the gaps that the import has told: nothing must be missing without being told, and nothing may come twice.
/// </summary>
internal sealed class NumberedValues
{
    /// <summary>The number that must come next, or null after a restart of the exporter, whose gap has no number.</summary>
    private long? _next;

    /// <summary>Gets the number of values that have arrived.</summary>
    internal long Arrived { get; private set; }

    /// <summary>Gets the number of values that were missed, as far as it was told.</summary>
    internal long Missed { get; private set; }

    /// <summary>Gets the number of gaps of unknown size.</summary>
    internal int Restarts { get; private set; }

    /// <summary>Gets a value that indicates whether a value was missing, or came twice, without being told.</summary>
    internal bool IsBroken { get; private set; }

    internal void Add(long number)
    {
        IsBroken |= _next is { } next && number != next;
        _next = number + 1;
        Arrived++;
    }

    internal void Add(Missed missed)
    {
        _next += missed.Count;
        Missed += missed.Count ?? 0;
        Restarts += missed.Count is null ? 1 : 0;
    }

    public override string ToString()
    {
        string restarts = Restarts == 0 ? "" : $", {Restarts} {(Restarts == 1 ? "gap" : "gaps")} of unknown size";
        return $"{Arrived} values, {Missed} missed{restarts}; {(IsBroken ? "a gap was NOT told" : "every gap was told")}";
    }
}
