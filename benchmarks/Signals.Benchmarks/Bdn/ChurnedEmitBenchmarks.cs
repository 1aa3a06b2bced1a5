using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One emission to the ten slots that are left of ten thousand, disconnected in random order.</summary>
[MemoryDiagnoser]
public class ChurnedEmitBenchmarks
{
    private const int Slots = 10_000;
    private const int Left = 10;

    private EventPublisher<int> _event;
    private SubjectPublisher<int> _subject;
    private SignalPublisher<int> _signal;

    [GlobalSetup]
    public void ConnectAndDisconnect()
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(Slots);
        _event = PublisherFactory.CreateChurned<EventPublisher<int>, EventSlot<int>, int>(slots, Left);
        _subject = PublisherFactory.CreateChurned<SubjectPublisher<int>, Subscription, int>(slots, Left);
        _signal = PublisherFactory.CreateChurned<SignalPublisher<int>, ConnectionHandle, int>(slots, Left);
    }

    [Benchmark(Baseline = true)]
    public void Event() => _event.Emit(0);

    [Benchmark]
    public void Subject() => _subject.Emit(0);

    [Benchmark]
    public void Signal() => _signal.Emit(0);
}
