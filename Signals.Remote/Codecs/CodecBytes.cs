using System.Buffers;
using Google.Protobuf;

namespace Signals.Remote;

/// <summary>Values as fields of messages.</summary>
internal static class CodecBytes
{
    /// <summary>Encodes a value that is not null. Runs user code.</summary>
    internal static ByteString ToByteString<T>(this ISignalCodec<T> codec, T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        codec.Encode(value, buffer);
        return ByteString.CopyFrom(buffer.WrittenSpan);
    }
}
