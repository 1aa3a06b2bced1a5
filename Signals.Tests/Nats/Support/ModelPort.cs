using System.Buffers;
using NATS.Client.Core;
using Signals.Nats.Connections;

namespace Signals.Tests.Nats;

/// <summary>The exporter's connection in a model of NATS, which counts what is sent and passes it to modeled importers.</summary>
/// <param name="deliver">The delegate that is given each message.</param>
internal sealed class ModelPort(Action<string, ReadOnlyMemory<byte>> deliver) : INatsPort
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PortSubscription.Receive> _subscriptions = new(StringComparer.Ordinal);
    private readonly Queue<(string Subject, Func<byte[]?> Create)> _outgoing = new();

    public bool IsOpen => true;

    /// <summary>Gets the numbers of messages and bytes that the exporter has sent.</summary>
    internal long SentCount { get; private set; }

    internal long SentBytes { get; private set; }

    /// <summary>Gets the numbers of messages and bytes that the exporter has received.</summary>
    internal long ReceivedCount { get; private set; }

    internal long ReceivedBytes { get; private set; }

    public void Start() { }

    public void Wake() { }

    public void Publish(string subject, Func<byte[]?> create)
    {
        lock (_lock)
        {
            _outgoing.Enqueue((subject, create));
        }
    }

    public void Subscribe(string subject, PortSubscription.Receive receive)
    {
        lock (_lock)
        {
            _subscriptions.Add(subject, receive);
        }
    }

    public void Unsubscribe(string subject)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subject);
        }
    }

    public ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> message, NatsHeaders? headers)
    {
        Send(subject, message);
        return default;
    }

    /// <summary>Has the exporter receive a message.</summary>
    internal void Receive(string subject, byte[] message)
    {
        PortSubscription.Receive receive;
        lock (_lock)
        {
            receive = _subscriptions[subject];
        }

        ReceivedCount++;
        ReceivedBytes += message.Length;
        receive(subject, default, new ReadOnlySequence<byte>(message));
    }

    /// <summary>Sends what is queued. Returns false if there was nothing.</summary>
    internal bool SendQueued()
    {
        (string Subject, Func<byte[]?> Create)[] queued;
        lock (_lock)
        {
            queued = [.. _outgoing];
            _outgoing.Clear();
        }

        foreach ((string subject, Func<byte[]?> create) in queued)
        {
            if (create() is { } message)
            {
                Send(subject, message);
            }
        }

        return queued.Length > 0;
    }

    private void Send(string subject, ReadOnlyMemory<byte> message)
    {
        SentCount++;
        SentBytes += message.Length;
        deliver(subject, message);
    }
}
