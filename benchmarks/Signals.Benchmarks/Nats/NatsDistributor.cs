using NATS.Client.Core;
using Signals.Benchmarks.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>The client of NATS, as its documentation shows it: a publisher, and a loop over a subscription.</summary>
internal sealed class NatsDistributor : IDistributor
{
    private const string Subject = "bare.values";

    private readonly NatsConnection _publisher;
    private readonly NatsConnection _subscriber;
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _message = new byte[StampedValue.Size];
    private Task _receiving = Task.CompletedTask;

    private NatsDistributor(string url)
    {
        _publisher = new NatsConnection(new NatsOpts { Url = url });
        _subscriber = new NatsConnection(new NatsOpts { Url = url });
    }

    internal static async Task<NatsDistributor> StartAsync(string url, Reception reception)
    {
        var distributor = new NatsDistributor(url);
        await distributor._publisher.ConnectAsync();
        INatsSub<NatsMemoryOwner<byte>> subscription = await distributor._subscriber.SubscribeCoreAsync<NatsMemoryOwner<byte>>(Subject);
        await distributor._subscriber.PingAsync();
        distributor._receiving = distributor.ReceiveAsync(subscription, reception);
        return distributor;
    }

    public ValueTask PublishAsync(StampedValue value)
    {
        value.Write(_message);
        return _publisher.PublishAsync(Subject, _message);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _subscriber.DisposeAsync();
        await _publisher.DisposeAsync();
        _end.Dispose();
    }

    private async Task ReceiveAsync(INatsSub<NatsMemoryOwner<byte>> subscription, Reception reception)
    {
        await foreach (NatsMsg<NatsMemoryOwner<byte>> message in subscription.Msgs.ReadAllAsync(_end.Token))
        {
            using NatsMemoryOwner<byte> bytes = message.Data;
            reception.OnValue(StampedValue.Read(bytes.Span));
        }
    }
}
