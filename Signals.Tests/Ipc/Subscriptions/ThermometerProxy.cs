using Google.Protobuf.Reflection;
using Signals.Ipc;

namespace Signals.Tests.Ipc.Subscriptions;

/// <summary>A proxy with a signal and a property.</summary>
internal sealed class ThermometerProxy() : ServiceProxy(Descriptor)
{
    private static readonly RpcMethod<Degrees, Degrees> MeasureMethod = new(Descriptor, "Measure");
    private static readonly RpcMethod<Nothing, Degrees> MeasuredMethod = new(Descriptor, "Measured");
    private static readonly RpcMethod<Nothing, Degrees> TemperatureMethod = new(Descriptor, "Temperature");
    private static readonly RpcMethod<Nothing, Degrees> ForeignMethod = new(ThermometerReflection.Descriptor.Services[1], "Measured");

    internal ISignal<Degrees> Measured => SignalOf(MeasuredMethod);

    internal IReadOnlyProperty<Degrees> Temperature => PropertyOf(TemperatureMethod);

    internal ISignal<Degrees> MeasureAsSignal => SignalOf(MeasureMethod);

    internal ISignal<Degrees> TemperatureAsSignal => SignalOf(TemperatureMethod);

    internal IReadOnlyProperty<Degrees> MeasuredAsProperty => PropertyOf(MeasuredMethod);

    internal ISignal<Degrees> Foreign => SignalOf(ForeignMethod);

    internal ISignal<Degrees> Null => SignalOf<Nothing, Degrees>(null!);

    private static ServiceDescriptor Descriptor => ThermometerReflection.Descriptor.Services[0];

    internal async Task<int> MeasureAsync(int value) => (await Invoker.CallAsync(MeasureMethod, new Degrees { Value = value })).Value;

    internal IAsyncEnumerable<Degrees> WatchAsync() => Invoker.StreamAsync(MeasuredMethod, new Nothing());
}
