using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One connect and its disconnect beside a thousand other connections.</summary>
[MemoryDiagnoser]
public class ConnectAndDisconnectBenchmarks
{
    private const int Others = 1_000;
    private const int Times = 64;

    private readonly Action<int>[] _slots = PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount);
    private EventPublisher<int> _event;
    private SubjectPublisher<int> _subject;
    private SignalPublisher<int> _signal;

    [GlobalSetup]
    public void ConnectOthers()
    {
        Action<int>[] others = PolymorphicSlots<int>.Get(Others);
        _event = PublisherFactory.CreateWith<EventPublisher<int>, EventSlot<int>, int>(others);
        _subject = PublisherFactory.CreateWith<SubjectPublisher<int>, Subscription, int>(others);
        _signal = PublisherFactory.CreateWith<SignalPublisher<int>, ConnectionHandle, int>(others);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Times)]
    public void Event() => Loops.ConnectAndDisconnect<EventPublisher<int>, EventSlot<int>, int>(_event, _slots, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public void Subject() => Loops.ConnectAndDisconnect<SubjectPublisher<int>, Subscription, int>(_subject, _slots, Times);

    [Benchmark(OperationsPerInvoke = Times)]
    public void Signal() => Loops.ConnectAndDisconnect<SignalPublisher<int>, ConnectionHandle, int>(_signal, _slots, Times);
}
