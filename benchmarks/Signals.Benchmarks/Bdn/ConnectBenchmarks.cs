using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One connect of those that fill new publishers, ten thousand in all.</summary>
[MemoryDiagnoser]
public class ConnectBenchmarks
{
    private const int Connects = 10_000;

    private Action<int>[] _slots = [];
    private EventPublisher<int>[] _events = [];
    private SubjectPublisher<int>[] _subjects = [];
    private SignalPublisher<int>[] _signals = [];
    private EventSlot<int>[] _eventSlots = [];
    private Subscription[] _subscriptions = [];
    private ConnectionHandle[] _handles = [];

    [Params(1, 10, 1_000, 10_000)]
    public int ConnectionsOfEach { get; set; }

    [GlobalSetup]
    public void CreateSlots()
    {
        _slots = PolymorphicSlots<int>.Get(ConnectionsOfEach);
        _eventSlots = new EventSlot<int>[Connects];
        _subscriptions = new Subscription[Connects];
        _handles = new ConnectionHandle[Connects];
    }

    [IterationSetup]
    public void CreatePublishers()
    {
        _events = Create<EventPublisher<int>, EventSlot<int>>();
        _subjects = Create<SubjectPublisher<int>, Subscription>();
        _signals = Create<SignalPublisher<int>, ConnectionHandle>();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Connects)]
    public void Event() => Loops.Connect(_events, _slots, _eventSlots);

    [Benchmark(OperationsPerInvoke = Connects)]
    public void Subject() => Loops.Connect(_subjects, _slots, _subscriptions);

    [Benchmark(OperationsPerInvoke = Connects)]
    public void Signal() => Loops.Connect(_signals, _slots, _handles);

    private TPublisher[] Create<TPublisher, THandle>()
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct => [.. Enumerable.Range(0, Connects / ConnectionsOfEach).Select(_ => TPublisher.Create())];
}
