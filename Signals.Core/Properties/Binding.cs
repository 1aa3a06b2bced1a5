namespace Signals;

/// <summary>The computation of a bound property.</summary>
internal sealed class Binding<T>
{
    /// <summary>The computation, or null if the property is not bound, or by an evaluator.</summary>
    internal Func<T>? Compute;

    /// <summary>The source text of the computation.</summary>
    internal string? Text;

    /// <summary>The effect that sets the property when an evaluator evaluates, or null.</summary>
    internal EffectNode? Deferred;

    internal ComputationState State = new();

    internal bool IsBound => Compute is not null || Deferred is not null;
}
