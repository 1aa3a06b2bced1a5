namespace Signals;

/// <summary>The data that the tracker has about a signal. It does not keep the signal alive.</summary>
/// <param name="id">The number of the signal.</param>
/// <param name="name">The name from its options, or null.</param>
/// <param name="creator">The type whose code has created it, or null if it is not known.</param>
internal sealed class SignalRecord(long id, string? name, string? creator)
{
    internal long Id => id;

    internal string? Name => name;

    internal string? Creator => creator;
}
