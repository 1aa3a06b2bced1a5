using NATS.Client.Core;

namespace Signals.Nats.Connections;

/// <summary>The connection to the server, which the two ends of an exchange use. Only <see cref="PublishAsync"/> waits.</summary>
internal interface INatsPort
{
    /// <summary>Gets a value that indicates whether messages can be sent now.</summary>
    bool IsOpen { get; }

    /// <summary>Begins to connect. Further calls do nothing.</summary>
    void Start();

    /// <summary>Wakes the sending loop, which looks for messages to send.</summary>
    void Wake();

    /// <summary>Queues a message, which is dropped if the connection is not open or is lost.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="create">The function that creates the message when it is sent, or returns null if the message is not needed any more.</param>
    void Publish(string subject, Func<byte[]?> create);

    /// <summary>Subscribes to a subject, before messages that are queued later are sent.</summary>
    void Subscribe(string subject, PortSubscription.Receive receive);

    /// <summary>Ends a subscription.</summary>
    void Unsubscribe(string subject);

    /// <summary>Publishes a message. Called by the sending loop.</summary>
    ValueTask PublishAsync(string subject, ReadOnlyMemory<byte> message, NatsHeaders? headers);
}
