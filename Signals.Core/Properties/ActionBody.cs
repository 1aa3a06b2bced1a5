namespace Signals;

/// <summary>The delegate of an <see cref="Effect"/>.</summary>
internal sealed class ActionBody(Action run) : IEffectBody
{
    public bool IsComputation => false;

    public void Run() => run();

    public void Complete(EffectNode effect) { }

    public void End(EffectNode effect) { }
}
