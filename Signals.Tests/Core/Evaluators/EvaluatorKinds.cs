namespace Signals.Tests.Core.Evaluators;

/// <summary>One maker for each kind of evaluator, for rules that hold for all.</summary>
internal static class EvaluatorKinds
{
    internal static readonly Func<ConnectionEvaluator>[] All =
    [
        static () => new ConnectionEvaluator(),
        static () => new SynchronizationContextEvaluator(new ManualContext()),
        static () => new ThreadEvaluator(),
        static () => new ThreadPoolEvaluator(),
    ];
}
