using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Signals.Remote;

/// <summary>A value that has arrived, as bytes or as an object.</summary>
/// <param name="bytes">The encoded value.</param>
/// <param name="direct">The value of an exchange within the process, or null.</param>
/// <param name="isNull">Indicates whether the value is null.</param>
/// <param name="name">The name, if the subscription is to a pattern; otherwise null.</param>
internal readonly ref struct InValue(ReadOnlySpan<byte> bytes, Payload? direct, bool isNull, string? name = null)
{
    internal string? Name => name;

    internal ReadOnlySpan<byte> Bytes { get; } = bytes;

    internal Payload? Direct => direct;

    internal bool IsNull => isNull;

    /// <summary>Decodes the value. Returns false if it is not one of the type. Runs user code.</summary>
    internal bool TryDecode<T>(ISignalCodec<T> codec, [MaybeNullWhen(false)] out T value)
    {
        try
        {
            value = Decode(codec);
            return true;
        }
        catch
        {
            value = default;
            return false;
        }
    }

    /// <summary>Decodes the value. Runs user code.</summary>
    /// <exception cref="Exception">The value is not one of the type.</exception>
    internal T Decode<T>(ISignalCodec<T> codec)
    {
        if (name is not null && codec is INamedCodec<T> named)
        {
            return named.DecodeNamed(this);
        }

        if (isNull)
        {
            return default(T) is null ? default! : throw new FormatException("The value is null.");
        }

        if (direct is DirectPayload<T> known)
        {
            return known.Value;
        }

        if (direct is null)
        {
            return codec.Decode(Bytes);
        }

        var buffer = new ArrayBufferWriter<byte>();
        direct.Encode(buffer);
        return codec.Decode(buffer.WrittenSpan);
    }
}
