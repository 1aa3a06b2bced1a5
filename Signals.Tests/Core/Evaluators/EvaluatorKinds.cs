namespace Signals.Tests.Core.Evaluators;

/// <summary>Factories for each kind of evaluator, for rules that apply to all kinds.</summary>
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
