using Signals.Benchmarks.Remote;
using Signals.Nats;
using Signals.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>A signal that is exported by one exchange and imported by another one.</summary>
internal sealed class SignalsDistributor : IDistributor
{
    /// <summary>The capacity of the queues. The publishing loop stays within it, so that nothing is dropped.</summary>
    private const int Capacity = 8192;

    private readonly NatsExchange _exporter;
    private readonly NatsExchange _importer;
    private readonly Signal<Guid> _signal = new();

    private SignalsDistributor(string url)
    {
        _exporter = new NatsExchange(url);
        _importer = new NatsExchange(url);
        _exporter.Export("values", _signal, new ExportOptions { Capacity = Capacity });
    }

    internal static async Task<SignalsDistributor> StartAsync(string url, Reception reception)
    {
        var distributor = new SignalsDistributor(url);
        RemoteSignal<Guid> import = distributor._importer.Import<Guid>("values");
        import.Connect(value => reception.OnValue(StampedValue.Of(value)));
        await import.WaitUntilLiveAsync();
        return distributor;
    }

    public ValueTask PublishAsync(StampedValue value)
    {
        _signal.Emit(value.ToGuid());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _importer.DisposeAsync();
        await _exporter.DisposeAsync();
        _signal.Dispose();
    }
}
