namespace Signals.Tests.Core.Evaluators;

/// <summary>An evaluator pumped by hand that says when something was added.</summary>
internal sealed class ObservedEvaluator : ConnectionEvaluator
{
    internal ObservedEvaluator() { }

    internal ObservedEvaluator(ConnectionEvaluatorOptions options)
        : base(options) { }

    internal Action? Added { get; set; }

    protected override void OnInvocationAdded()
    {
        base.OnInvocationAdded();
        Added?.Invoke();
    }
}
