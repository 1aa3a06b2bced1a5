using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;
using Signals.Benchmarks.Rx;

namespace Signals.Benchmarks.Bdn;

/// <summary>A value that passes through a chain of Rx operators: Where, Select, Subscribe.</summary>
[MemoryDiagnoser]
public class RxBenchmarks
{
    private const int Values = 1_000;

    private readonly SignalPublisher<int> _signal = Chains.OfSignal();
    private readonly SubjectPublisher<int> _subject = Chains.OfSubject();

    [Benchmark(Baseline = true, OperationsPerInvoke = Values)]
    public void Subject() => Loops.Emit<SubjectPublisher<int>, int>(_subject, Values);

    [Benchmark(OperationsPerInvoke = Values)]
    public void Signal() => Loops.Emit<SignalPublisher<int>, int>(_signal, Values);
}
