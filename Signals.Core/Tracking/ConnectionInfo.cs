namespace Signals;

/// <summary>A connection in a <see cref="SignalSnapshot"/>. Immutable.</summary>
public sealed class ConnectionInfo
{
    internal ConnectionInfo() { }

    /// <summary>Gets the signal.</summary>
    public required SignalInfo Signal { get; init; }

    /// <summary>Gets the kind.</summary>
    public required ConnectionKind Kind { get; init; }

    /// <summary>
    /// Gets the method of the slot, for example "Form.OnClick". A lambda has the name of the method that contains it, followed by "(lambda)".
    /// </summary>
    public required string Slot { get; init; }

    /// <summary>
    /// Gets the type of the object on which the slot is called, for example "Form": the weak target, the state, or the target of the delegate. The
    /// variables that a lambda captures have the name of the type that contains it. Null for a static method, or if the object has been collected.
    /// </summary>
    public required string? TargetType { get; init; }

    /// <summary>Gets a value that indicates whether the connection does not keep its target alive.</summary>
    public required bool IsWeak { get; init; }

    /// <summary>Gets a value that indicates whether the connection is blocked.</summary>
    public required bool IsBlocked { get; init; }

    /// <summary>Gets the group: see <see cref="ConnectOptions.Group"/>.</summary>
    public required int Group { get; init; }

    /// <summary>Gets the <see cref="EvaluatorInfo.Id"/> of the evaluator that runs the slot, or null if emissions do.</summary>
    public required long? EvaluatorId { get; init; }

    /// <summary>Gets the <see cref="SignalInfo.Id"/> of the signal that the connection emits if it is <see cref="ConnectionKind.Chained"/>; otherwise null.</summary>
    public required long? TargetSignalId { get; init; }

    /// <summary>Gets the time since the connection was made.</summary>
    public required TimeSpan Age { get; init; }

    /// <summary>Gets the number of emissions that have reached the connection.</summary>
    public required long Emissions { get; init; }

    /// <summary>Gets the number of threads whose emissions have reached the connection. More than 16 are counted as 16.</summary>
    public required int ThreadCount { get; init; }

    /// <summary>Number that connections of a signal have in common if they call the same method of the same object.</summary>
    internal int CallNumber { get; init; }

    /// <summary>Returns the signal and the slot, for logs and debuggers.</summary>
    /// <returns>A description of the connection.</returns>
    public override string ToString() => $"{Signal.DisplayName} -> {Slot} ({Kind})";
}
