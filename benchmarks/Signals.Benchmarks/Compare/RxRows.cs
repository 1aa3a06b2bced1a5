using Signals.Benchmarks.Publishers;
using Signals.Benchmarks.Rx;

namespace Signals.Benchmarks.Compare;

/// <summary>The cost of a value that passes through a chain of Rx operators: Where, Select, Subscribe.</summary>
internal static class RxRows
{
    /// <summary>The maximum ratio of the chain's cost behind a signal to its cost behind a subject.</summary>
    private const double Allowance = 1.05;

    internal static void AddTo(Table table)
    {
        SignalPublisher<int> signal = Chains.OfSignal();
        SubjectPublisher<int> subject = Chains.OfSubject();
        Contender[] contenders =
        [
            new(PeerKind.Ours, n => Loops.Emit<SignalPublisher<int>, int>(signal, n)),
            new(PeerKind.Rx, n => Loops.Emit<SubjectPublisher<int>, int>(subject, n)),
        ];
        Measure.WarmUp(contenders);
        Measure.InTurns(contenders);
        const string measure = "rx: AsObservable, Where, Select, Subscribe; a value";
        table.Add(Row.OfTimes(measure, contenders, Goal.AtMostTimesBestPeer(Allowance)));
        table.Add(Row.OfBytes(measure, contenders, Goal.AtMost(0)));
    }
}
