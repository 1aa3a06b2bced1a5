namespace Signals;

/// <summary>The computation of a property that is bound on an evaluator.</summary>
internal sealed class DeferredBinding<T>(Property<T> property, Func<T> compute) : IEffectBody
{
    /// <summary>The result of the last run.</summary>
    private T _value = default!;

    public bool IsComputation => true;

    public void Run() => _value = compute();

    public void Complete(EffectNode effect)
    {
        T value = _value;
        _value = default!;
        property.SetByBinding(value, effect);
    }

    public void End(EffectNode effect) => property.EndBinding(effect);
}
