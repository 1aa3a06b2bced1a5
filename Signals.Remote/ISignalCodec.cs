using System.Buffers;

namespace Signals.Remote;

/// <summary>Translates values of a type into bytes and back. Both sides use codecs of the same <see cref="TypeName"/>.</summary>
/// <remarks>
/// Several threads may call the methods at the same time. They are never called while a lock of this library is held. Null is not passed to a codec: it
/// arrives as null.
/// </remarks>
/// <typeparam name="T">The type of the values.</typeparam>
public interface ISignalCodec<T>
{
    /// <summary>
    /// Gets the name of the encoded type. An import whose name is another one than that of the export is refused; nothing is converted. At most 255
    /// characters.
    /// </summary>
    string TypeName { get; }

    /// <summary>Encodes a value.</summary>
    /// <param name="value">The value, which is not null.</param>
    /// <param name="output">The buffer to which the bytes are written.</param>
    void Encode(T value, IBufferWriter<byte> output);

    /// <summary>Decodes a value.</summary>
    /// <param name="input">The bytes. They come from the other process and may be anything.</param>
    /// <returns>The value.</returns>
    /// <exception cref="Exception">
    /// The bytes are not an encoded value. The import reports <see cref="MissedCause.Undecodable"/> and continues.
    /// </exception>
    T Decode(ReadOnlySpan<byte> input);
}
