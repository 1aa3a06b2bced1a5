using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Signals.Nats;

/// <summary>Parses messages from the network.</summary>
internal static class Messages
{
    /// <summary>Parses a message. Returns false if the bytes are malformed.</summary>
    internal static bool TryParse<TMessage>(MessageParser<TMessage> parser, in ReadOnlySequence<byte> payload, [NotNullWhen(true)] out TMessage? message)
        where TMessage : class, IMessage<TMessage>
    {
        try
        {
            message = parser.ParseFrom(payload);
            return true;
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidOperationException)
        {
            message = null;
            return false;
        }
    }
}
