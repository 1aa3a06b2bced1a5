using Signals.Benchmarks.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>A publisher and a subscriber, with a connection each, over a server.</summary>
internal interface IDistributor : IAsyncDisposable
{
    /// <summary>Publishes a value.</summary>
    ValueTask PublishAsync(StampedValue value);
}
