namespace Signals;

/// <summary>An evaluator in a <see cref="SignalSnapshot"/>. Immutable.</summary>
public sealed class EvaluatorInfo
{
    internal EvaluatorInfo() { }

    /// <summary>Gets the number of the evaluator, which no other object of the process has.</summary>
    public required long Id { get; init; }

    /// <summary>Gets the <see cref="ConnectionEvaluator.Name"/>, or null if it has none.</summary>
    public required string? Name { get; init; }

    /// <summary>Gets the type, for example "ThreadEvaluator".</summary>
    public required string TypeName { get; init; }

    /// <summary>Gets the <see cref="ConnectionEvaluator.PendingCount"/>.</summary>
    public required int PendingCount { get; init; }

    /// <summary>Gets the <see cref="ConnectionEvaluator.DroppedCount"/>.</summary>
    public required long DroppedCount { get; init; }

    /// <summary>Gets the name, or if there is none, the type and the number.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Returns the name and the number of pending invocations, for logs and debuggers.</summary>
    /// <returns>A description of the evaluator.</returns>
    public override string ToString() => $"{DisplayName} ({PendingCount} pending)";
}
