using Google.Protobuf;

namespace Signals.Ipc.Framing;

/// <summary>
/// Decodes the messages of a peer and discards their unknown fields, which would take many times their encoded bytes if they were kept.
/// </summary>
/// <param name="parser">The parser of the message.</param>
internal sealed class MessageDecoder<T>(MessageParser<T> parser)
    where T : class, IMessage<T>
{
    /// <summary>The parser that rejects wire types that do not exist. The discarding parser accepts them.</summary>
    private readonly MessageParser<T> _keepingParser = parser;

    private readonly MessageParser<T> _discardingParser = parser.WithDiscardUnknownFields(true);

    /// <summary>Decodes a message. Exceptions that the parser or the message itself throws are not caught.</summary>
    internal T Decode(ReadOnlySpan<byte> bytes) => (WireReader.IsWellFormed(bytes) ? _discardingParser : _keepingParser).ParseFrom(bytes);
}
