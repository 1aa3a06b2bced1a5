using System.Buffers;
using System.Globalization;
using System.Net;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Signals.Benchmarks.Remote;

namespace Signals.Benchmarks.Nats;

/// <summary>MQTTnet: its broker in this process, and two of its clients, without acknowledgements.</summary>
internal sealed class MqttDistributor : IDistributor
{
    private const string Topic = "values";

    private readonly MqttServer _broker;
    private readonly IMqttClient _publisher;
    private readonly IMqttClient _subscriber;

    private MqttDistributor(int port)
    {
        _broker = new MqttServerFactory().CreateMqttServer(
            new MqttServerOptionsBuilder()
                .WithDefaultEndpoint()
                .WithDefaultEndpointPort(port)
                .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
                .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
                .WithMaxPendingMessagesPerClient(16_384)
                .Build()
        );
        var factory = new MqttClientFactory();
        _publisher = factory.CreateMqttClient();
        _subscriber = factory.CreateMqttClient();
    }

    internal static async Task<MqttDistributor> StartAsync(int port, Reception reception)
    {
        var distributor = new MqttDistributor(port);
        await distributor._broker.StartAsync();
        distributor._subscriber.ApplicationMessageReceivedAsync += args =>
        {
            Span<byte> bytes = stackalloc byte[StampedValue.Size];
            args.ApplicationMessage.Payload.CopyTo(bytes);
            reception.OnValue(StampedValue.Read(bytes));
            return Task.CompletedTask;
        };
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port)
            .WithClientId(string.Create(CultureInfo.InvariantCulture, $"subscriber-{port}"))
            .Build();
        await distributor._subscriber.ConnectAsync(options);
        await distributor._subscriber.SubscribeAsync(Topic, MqttQualityOfServiceLevel.AtMostOnce);
        await distributor._publisher.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("publisher").Build());
        return distributor;
    }

    public async ValueTask PublishAsync(StampedValue value)
    {
        byte[] message = new byte[StampedValue.Size];
        value.Write(message);
        await _publisher.PublishAsync(new MqttApplicationMessage { Topic = Topic, PayloadSegment = new ArraySegment<byte>(message) });
    }

    public async ValueTask DisposeAsync()
    {
        _subscriber.Dispose();
        _publisher.Dispose();
        await _broker.StopAsync();
        _broker.Dispose();
    }
}
