using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Signals.Nats;

/// <summary>Reads messages that have come from the network.</summary>
internal static class Messages
{
    /// <summary>Reads a message. Returns false if the bytes are not one.</summary>
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
