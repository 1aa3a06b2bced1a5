using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One emission of one publisher to ten slots on two threads, or on one thread while another connects and disconnects.</summary>
[MemoryDiagnoser]
public class ThreadBenchmarks
{
    private const int Emissions = 100_000;
    private const int Slots = 10;

    private readonly Action<int>[] _slots = PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount);
    private EventPublisher<int> _event;
    private SubjectPublisher<int> _subject;
    private SignalPublisher<int> _signal;

    /// <summary>Gets or sets the work of the other thread.</summary>
    [Params(OtherThread.Emits, OtherThread.Connects)]
    public OtherThread Other { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        Action<int>[] slots = PolymorphicSlots<int>.Get(Slots);
        _event = PublisherFactory.CreateWith<EventPublisher<int>, EventSlot<int>, int>(slots);
        _subject = PublisherFactory.CreateWith<SubjectPublisher<int>, Subscription, int>(slots);
        _signal = PublisherFactory.CreateWith<SignalPublisher<int>, ConnectionHandle, int>(slots);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Emissions)]
    public void Event() => Run<EventPublisher<int>, EventSlot<int>>(_event);

    [Benchmark(OperationsPerInvoke = Emissions)]
    public void Subject() => Run<SubjectPublisher<int>, Subscription>(_subject);

    [Benchmark(OperationsPerInvoke = Emissions)]
    public void Signal() => Run<SignalPublisher<int>, ConnectionHandle>(_signal);

    private void Run<TPublisher, THandle>(TPublisher publisher)
        where TPublisher : struct, IPublisher<TPublisher, THandle, int>
        where THandle : struct
    {
        bool done = false;
        Task other = Task.Run(() =>
        {
            if (Other == OtherThread.Emits)
            {
                Loops.Emit<TPublisher, int>(publisher, Emissions);
                return;
            }

            while (!Volatile.Read(ref done))
            {
                Loops.ConnectAndDisconnect<TPublisher, THandle, int>(publisher, _slots, _slots.Length);
            }
        });
        Loops.Emit<TPublisher, int>(publisher, Emissions);
        Volatile.Write(ref done, true);
        other.Wait();
    }
}

/// <summary>Specifies the work of a second thread at the publisher that the first one emits.</summary>
public enum OtherThread
{
    Emits,
    Connects,
}
