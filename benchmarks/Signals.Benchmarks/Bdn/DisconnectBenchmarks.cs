using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One disconnect of those that empty publishers in random order, ten thousand in all.</summary>
[MemoryDiagnoser]
public class DisconnectBenchmarks
{
    private const int Disconnects = 10_000;

    private (EventPublisher<int>[] Publishers, EventSlot<int>[] Handles) _events;
    private (SubjectPublisher<int>[] Publishers, Subscription[] Handles) _subjects;
    private (SignalPublisher<int>[] Publishers, ConnectionHandle[] Handles) _signals;

    [Params(10, 1_000, 10_000)]
    public int ConnectionsOfEach { get; set; }

    [IterationSetup(Target = nameof(Event))]
    public void ConnectEvents() => _events = Connect<EventPublisher<int>, EventSlot<int>>();

    [IterationSetup(Target = nameof(Subject))]
    public void ConnectSubjects() => _subjects = Connect<SubjectPublisher<int>, Subscription>();

    [IterationSetup(Target = nameof(Signal))]
    public void ConnectSignals() => _signals = Connect<SignalPublisher<int>, ConnectionHandle>();

    [Benchmark(Baseline = true, OperationsPerInvoke = Disconnects)]
    public void Event() => Loops.Disconnect<EventPublisher<int>, EventSlot<int>, int>(_events.Publishers, _events.Handles);

    [Benchmark(OperationsPerInvoke = Disconnects)]
    public void Subject() => Loops.Disconnect<SubjectPublisher<int>, Subscription, int>(_subjects.Publishers, _subjects.Handles);

    [Benchmark(OperationsPerInvoke = Disconnects)]
    public void Signal() => Loops.Disconnect<SignalPublisher<int>, ConnectionHandle, int>(_signals.Publishers, _signals.Handles);

    private (TPublisher[] Publishers, THandle[] Handles) Connect<TPublisher, THandle>()
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct =>
        PublisherFactory.CreateToDrain<TPublisher, THandle, int>(Disconnects / ConnectionsOfEach, PolymorphicSlots<int>.Get(ConnectionsOfEach));
}
