using System.Reactive.Concurrency;
using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Deferred;

namespace Signals.Benchmarks.Bdn;

/// <summary>One invocation that another thread runs, of many that are emitted without a pause.</summary>
[MemoryDiagnoser]
public class HandoverBenchmarks
{
    private const int Invocations = 100_000;

    private readonly CountingSlots _slots = new();
    private DeferredSignals<int> _awaited = null!;
    private DeferredSignals<int> _threaded = null!;
    private ChannelOfCalls<int> _channel = null!;
    private ObservedSubject _subject = null!;
    private Task _consumers = null!;

    [GlobalSetup]
    public void Start()
    {
        _awaited = new DeferredSignals<int>(_slots.Slots);
        _threaded = new DeferredSignals<int>(_slots.Slots, new ThreadEvaluator());
        _channel = new ChannelOfCalls<int>(_slots.Slots);
        _subject = new ObservedSubject(_slots.Slots, TaskPoolScheduler.Default);
        _consumers = Task.WhenAll(Task.Run(_awaited.EvaluateUntilDisposedAsync), Task.Run(_channel.RunUntilCompletedAsync));
    }

    [GlobalCleanup]
    public void Stop()
    {
        _awaited.Dispose();
        _threaded.Dispose();
        _channel.Complete();
        _subject.Dispose();
        _consumers.Wait();
        _slots.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Invocations)]
    public void Channel() => HandOver(_channel.Write);

    [Benchmark(OperationsPerInvoke = Invocations)]
    public void ObserveOn() => HandOver(_subject.Emit);

    [Benchmark(OperationsPerInvoke = Invocations)]
    public void AwaitedEvaluator() => HandOver(_awaited.Emit);

    [Benchmark(OperationsPerInvoke = Invocations)]
    public void ThreadEvaluator() => HandOver(_threaded.Emit);

    private void HandOver(Action<int> emit)
    {
        _slots.Expect(Invocations);
        emit(Invocations);
        _slots.Wait();
    }
}
