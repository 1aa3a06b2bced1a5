namespace Signals.Tests.Support;

/// <summary>Evaluator that is evaluated explicitly and reports added invocations.</summary>
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
