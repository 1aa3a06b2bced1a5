using BenchmarkDotNet.Attributes;
using Signals.Benchmarks.Deferred;

namespace Signals.Benchmarks.Bdn;

/// <summary>One invocation that is queued and run on the same thread, in batches of so many.</summary>
[MemoryDiagnoser]
public class DeferredBenchmarks
{
    private const int Invocations = 1_000;

    private readonly DeferredSignals<int> _signals = new(PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount));
    private readonly ChannelOfCalls<int> _channel = new(PolymorphicSlots<int>.Get(PolymorphicSlots<int>.MethodCount));

    [Params(1, 100)]
    public int Batch { get; set; }

    [Benchmark(Baseline = true, OperationsPerInvoke = Invocations)]
    public void Channel() => _channel.WriteAndRun(Invocations / Batch, Batch);

    [Benchmark(OperationsPerInvoke = Invocations)]
    public void Signal() => _signals.EmitAndEvaluate(Invocations / Batch, Batch);
}
