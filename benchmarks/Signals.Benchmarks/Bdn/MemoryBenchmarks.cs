using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>Measures the memory that a publisher with its connections allocates. <c>compare signals</c> shows the memory that remains.</summary>
[MemoryDiagnoser]
public class MemoryBenchmarks
{
    private Action<int>[] _slots = [];

    [Params(0, 1, 10, 1_000)]
    public int Connections { get; set; }

    [GlobalSetup]
    public void CreateSlots() => _slots = PolymorphicSlots<int>.Get(Connections);

    [Benchmark(Baseline = true)]
    public void Event() => PublisherFactory.CreateWith<EventPublisher<int>, EventSlot<int>, int>(_slots);

    [Benchmark]
    public void Subject() => PublisherFactory.CreateWith<SubjectPublisher<int>, Subscription, int>(_slots);

    [Benchmark]
    public void Signal() => PublisherFactory.CreateWith<SignalPublisher<int>, ConnectionHandle, int>(_slots);
}
