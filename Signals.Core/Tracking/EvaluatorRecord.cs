namespace Signals;

/// <summary>The data that the tracker has about an evaluator. It does not keep the evaluator alive.</summary>
/// <param name="id">The number of the evaluator.</param>
/// <param name="name">Its name, or null.</param>
/// <param name="typeName">The name of its type.</param>
internal sealed class EvaluatorRecord(long id, string? name, string typeName)
{
    internal long Id => id;

    internal string? Name => name;

    internal string TypeName => typeName;

    /// <summary>Gets the name, or if there is none, the type and the number.</summary>
    internal string DisplayName => field ??= name ?? $"{typeName} #{id}";
}
