using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Hosts;

/// <summary>A message of any type, which is kept encoded. The stack of calls treats it like a generated class.</summary>
internal sealed class RawMessage : IMessage<RawMessage>, IBufferMessage
{
    private byte[] _bytes;

    /// <summary>Initializes an empty message.</summary>
    public RawMessage() => _bytes = [];

    internal RawMessage(byte[] bytes) => _bytes = bytes;

    internal static MessageParser<RawMessage> Parser { get; } = new(static () => new RawMessage());

    /// <summary>Gets the encoded message.</summary>
    internal ReadOnlyMemory<byte> Bytes => _bytes;

    MessageDescriptor IMessage.Descriptor => RawService.MessageDescriptor;

    public int CalculateSize() => _bytes.Length;

    public RawMessage Clone() => new(_bytes);

    public bool Equals(RawMessage? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as RawMessage);

    public override int GetHashCode() => _bytes.Length;

    public void MergeFrom(RawMessage message) => _bytes = [.. _bytes, .. message._bytes];

    public void MergeFrom(CodedInputStream input) => input.ReadRawMessage(this);

    public void WriteTo(CodedOutputStream output) => output.WriteRawMessage(this);

    void IBufferMessage.InternalWriteTo(ref WriteContext output)
    {
        // There is no method that writes bytes as they are: field by field.
        var scanner = new Json.WireScanner(_bytes);
        while (scanner.TryRead(out int number, out Json.WireField field))
        {
            WriteField(ref output, number, field);
        }
    }

    void IBufferMessage.InternalMergeFrom(ref ParseContext input)
    {
        var buffer = new Json.WireBuffer();
        buffer.WriteRaw(_bytes);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            buffer.WriteVarint(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    buffer.WriteVarint(input.ReadUInt64());
                    break;
                case WireFormat.WireType.Fixed64:
                    buffer.WriteFixed64(input.ReadFixed64());
                    break;
                case WireFormat.WireType.Fixed32:
                    buffer.WriteFixed32(input.ReadFixed32());
                    break;
                case WireFormat.WireType.LengthDelimited:
                    buffer.WriteBytes(input.ReadBytes().Span);
                    break;
            }
        }

        _bytes = buffer.Written.ToArray();
    }

    private static void WriteField(ref WriteContext output, int number, Json.WireField field)
    {
        output.WriteTag(number, field.Type);
        switch (field.Type)
        {
            case WireFormat.WireType.Varint:
                output.WriteUInt64(field.Bits);
                break;
            case WireFormat.WireType.Fixed64:
                output.WriteFixed64(field.Bits);
                break;
            case WireFormat.WireType.Fixed32:
                output.WriteFixed32((uint)field.Bits);
                break;
            case WireFormat.WireType.LengthDelimited:
                output.WriteBytes(ByteString.CopyFrom(field.Content.Span));
                break;
            default:
                var scanner = new Json.WireScanner(field.Content);
                while (scanner.TryRead(out int inner, out Json.WireField innerField))
                {
                    WriteField(ref output, inner, innerField);
                }

                output.WriteTag(number, WireFormat.WireType.EndGroup);
                break;
        }
    }
}
