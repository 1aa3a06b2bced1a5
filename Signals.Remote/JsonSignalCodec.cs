using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Signals.Remote;

/// <summary>Encodes values as JSON.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class JsonSignalCodec<T> : ISignalCodec<T>
{
    private readonly JsonTypeInfo<T> _info;

    /// <summary>Initializes a codec.</summary>
    /// <param name="typeName">The name of the type, which both sides use.</param>
    /// <param name="info">The description of the type, for example of a generated <c>JsonSerializerContext</c>.</param>
    /// <exception cref="ArgumentException"><paramref name="typeName"/> is empty or longer than 255 characters.</exception>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public JsonSignalCodec(string typeName, JsonTypeInfo<T> info)
    {
        ArgumentNullException.ThrowIfNull(info);
        TypeName = RemoteNames.CheckTypeName(typeName, nameof(typeName));
        _info = info;
    }

    /// <inheritdoc/>
    public string TypeName { get; }

    /// <inheritdoc/>
    public void Encode(T value, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, value, _info);
    }

    /// <inheritdoc/>
    public T Decode(ReadOnlySpan<byte> input) => JsonSerializer.Deserialize(input, _info)!;
}
