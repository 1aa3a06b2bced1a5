namespace Signals;

/// <summary>The data that the tracker has about a signal. It does not keep the signal alive.</summary>
/// <param name="id">The number of the signal.</param>
/// <param name="name">The name from its options, or null.</param>
/// <param name="typeName">The name of its type.</param>
/// <param name="creator">The type whose code has created it, or null if it is not known.</param>
internal sealed class SignalRecord(long id, string? name, string typeName, string? creator)
{
    internal long Id => id;

    internal string? Name => name;

    internal string TypeName => typeName;

    internal string? Creator => creator;

    /// <summary>Gets the name, or if there is none, the creator without its namespace and the number.</summary>
    internal string DisplayName => field ??= name ?? $"{(creator is null ? typeName : creator[(creator.LastIndexOf('.') + 1)..])} #{id}";

    /// <summary>Begins the slice of an emission if a trace is active.</summary>
    internal TraceScope BeginEmission() => TraceBuffer.OfThread() is { } buffer ? TraceScope.Begin(buffer, TraceEventKind.Emission, DisplayName) : default;
}
