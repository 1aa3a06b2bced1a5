using System.Reactive.Subjects;
using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Publishers;

namespace Signals.Benchmarks.Bdn;

/// <summary>One emission. Eight publishers take turns, so that single slots have different methods, too.</summary>
[MemoryDiagnoser]
public class EmitBenchmarks
{
    private const int Publishers = PolymorphicSlots<int>.MethodCount;

    private readonly EventOwner<int>[] _events = new EventOwner<int>[Publishers];
    private readonly Subject<int>[] _subjects = new Subject<int>[Publishers];
    private readonly Action<int>[][] _arrays = new Action<int>[Publishers][];
    private readonly Signal<int>[] _signals = new Signal<int>[Publishers];

    [Params(0, 1, 10, 1_000, 10_000)]
    public int Slots { get; set; }

    /// <summary>Gets or sets a value that indicates whether all slots have one method, which the compiler can then predict.</summary>
    [Params(false, true)]
    public bool OneMethod { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        for (int i = 0; i < Publishers; i++)
        {
            _events[i] = new EventOwner<int>();
            _subjects[i] = new Subject<int>();
            _signals[i] = new Signal<int>();
            _arrays[i] = OneMethod ? PolymorphicSlots<int>.GetOfOneMethod(Slots) : PolymorphicSlots<int>.Get(Slots, i);
            foreach (Action<int> slot in _arrays[i])
            {
                _events[i].Raised += slot;
                _subjects[i].Subscribe(slot);
                _signals[i].Connect(slot);
            }
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Publishers)]
    public void Event()
    {
        foreach (EventOwner<int> owner in _events)
        {
            owner.Raise(0);
        }
    }

    [Benchmark(OperationsPerInvoke = Publishers)]
    public void Subject()
    {
        foreach (Subject<int> subject in _subjects)
        {
            subject.OnNext(0);
        }
    }

    [Benchmark(OperationsPerInvoke = Publishers)]
    public void Array()
    {
        foreach (Action<int>[] slots in _arrays)
        {
            new ArrayEmitter<int>(slots).Emit(0);
        }
    }

    [Benchmark(OperationsPerInvoke = Publishers)]
    public void Signal()
    {
        foreach (Signal<int> signal in _signals)
        {
            signal.Emit(0);
        }
    }
}
