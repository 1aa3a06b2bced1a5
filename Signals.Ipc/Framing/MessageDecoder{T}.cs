using Google.Protobuf;

namespace Signals.Ipc.Framing;

/// <summary>Decodes what a peer sent, and discards the fields that the message does not know: kept, they would take many times their bytes.</summary>
/// <param name="parser">The parser of the message.</param>
internal sealed class MessageDecoder<T>(MessageParser<T> parser)
    where T : class, IMessage<T>
{
    /// <summary>Refuses the wire types that do not exist, which the one that discards overlooks.</summary>
    private readonly MessageParser<T> _keepingParser = parser;

    private readonly MessageParser<T> _discardingParser = parser.WithDiscardUnknownFields(true);

    /// <summary>Decodes a message. Exceptions of the parser or of the message itself are not caught.</summary>
    internal T Decode(ReadOnlySpan<byte> bytes) => (WireReader.IsWellFormed(bytes) ? _discardingParser : _keepingParser).ParseFrom(bytes);
}
