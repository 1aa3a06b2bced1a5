using System.Buffers;
using NATS.Client.Core;

namespace Signals.Nats.Connections;

/// <summary>
/// A subscription whose messages the thread that reads from the network handles: they wait only in the queues of imports, which have limits.
/// </summary>
internal sealed class PortSubscription(INatsConnection connection, string subject, PortSubscription.Receive receive, Action<Exception> failed)
    : NatsSubBase(connection, connection.SubscriptionManager, subject, queueGroup: null, opts: null)
{
    internal delegate void Receive(string subject, in ReadOnlySequence<byte> headers, in ReadOnlySequence<byte> payload);

    protected override ValueTask ReceiveInternalAsync(
        string subject,
        string? replyTo,
        ReadOnlySequence<byte>? headersBuffer,
        ReadOnlySequence<byte> payloadBuffer
    )
    {
        try
        {
            receive(subject, headersBuffer ?? default, payloadBuffer);
        }
        catch (Exception exception)
        {
            // Otherwise the exception would end the subscription without a log entry.
            failed(exception);
        }

        return default;
    }

    protected override void TryComplete() { }
}
