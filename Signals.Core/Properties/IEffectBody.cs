namespace Signals;

/// <summary>The action of an effect.</summary>
internal interface IEffectBody
{
    /// <summary>Gets a value that indicates whether nothing may be written inside.</summary>
    bool IsComputation { get; }

    /// <summary>Runs the part whose reads are followed.</summary>
    void Run();

    /// <summary>Runs the rest, after a run that has not thrown.</summary>
    void Complete(EffectNode effect);

    /// <summary>Called when the evaluator has been disposed.</summary>
    void End(EffectNode effect);
}
