using NATS.Client.Core;

namespace Signals.Nats.Connections;

/// <summary>The connection to the server as the two ends of an exchange see it. The methods do not wait, but for <see cref="PublishAsync"/>.</summary>
internal interface INatsPort
{
    /// <summary>Gets a value that indicates whether messages can be sent now.</summary>
    bool IsOpen { get; }

    /// <summary>Connects, unless it has begun to already.</summary>
    void Start();

    /// <summary>Has the sending loop look for something to send.</summary>
    void Wake();

    /// <summary>Sends a message after what was queued before. It is dropped if the connection is not open or is lost.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="create">The function that creates the message as it is sent, which returns null if it is not needed.</param>
    void Publish(string subject, Func<byte[]?> create);

    /// <summary>Subscribes to a subject, before messages that are published afterwards.</summary>
    void Subscribe(string subject, PortSubscription.Receive receive);

    /// <summary>Ends a subscription.</summary>
    void Unsubscribe(string subject);

    /// <summary>Publishes a message. Called by the sending loop.</summary>
    ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> message, NatsHeaders? headers);
}
