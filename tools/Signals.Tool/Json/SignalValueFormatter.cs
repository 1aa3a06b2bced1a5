using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace Signals.Tool.Json;

/// <summary>Writes encoded values of remote signals as JSON, by the names of their types.</summary>
/// <param name="messages">The formatter of messages.</param>
internal sealed class SignalValueFormatter(MessageFormatter messages)
{
    private const string MessagePrefix = "proto:";
    private const string EnumPrefix = "enum:";

    /// <summary>Writes a value. One whose type is not known is written as it is if it is a JSON object, list or string, and as base64 otherwise.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="type">The name of the type.</param>
    /// <param name="value">The encoded value, or null.</param>
    /// <exception cref="MappingException">The bytes are not a value of the type.</exception>
    internal void Write(Utf8JsonWriter writer, string type, ReadOnlyMemory<byte>? value)
    {
        if (value is not { } bytes)
        {
            writer.WriteNullValue();
        }
        else if (type is ['(', .., ')'])
        {
            WriteArguments(writer, type[1..^1], bytes);
        }
        else if (type.StartsWith(MessagePrefix, StringComparison.Ordinal) && messages.Types.Find(type[MessagePrefix.Length..]) is { } message)
        {
            messages.Write(writer, message, bytes);
        }
        else
        {
            WriteSimple(writer, type, bytes);
        }
    }

    private void WriteArguments(Utf8JsonWriter writer, string types, ReadOnlyMemory<byte> bytes)
    {
        var arguments = new Dictionary<int, ReadOnlyMemory<byte>>();
        var scanner = new WireScanner(bytes);
        while (scanner.TryRead(out int number, out WireField field))
        {
            if (field.Type == WireFormat.WireType.LengthDelimited)
            {
                arguments[number] = field.Content;
            }
        }

        writer.WriteStartArray();
        int argument = 0;
        foreach (string type in types.Length == 0 ? [] : types.Split(','))
        {
            Write(writer, type, arguments.TryGetValue(++argument, out ReadOnlyMemory<byte> value) ? value : null);
        }

        writer.WriteEndArray();
    }

    private static void WriteSimple(Utf8JsonWriter writer, string type, ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        switch (type)
        {
            case "bool":
                writer.WriteBooleanValue(Sized(span, sizeof(bool), type)[0] != 0);
                break;
            case "int32":
                writer.WriteNumberValue(BinaryPrimitives.ReadInt32LittleEndian(Sized(span, sizeof(int), type)));
                break;
            case "uint32":
                writer.WriteNumberValue(BinaryPrimitives.ReadUInt32LittleEndian(Sized(span, sizeof(uint), type)));
                break;
            case "int64":
                writer.WriteStringValue(Text($"{BinaryPrimitives.ReadInt64LittleEndian(Sized(span, sizeof(long), type))}"));
                break;
            case "uint64":
                writer.WriteStringValue(Text($"{BinaryPrimitives.ReadUInt64LittleEndian(Sized(span, sizeof(ulong), type))}"));
                break;
            case "float":
                MessageFormatter.WriteNumber(writer, BinaryPrimitives.ReadSingleLittleEndian(Sized(span, sizeof(float), type)));
                break;
            case "double":
                MessageFormatter.WriteNumber(writer, BinaryPrimitives.ReadDoubleLittleEndian(Sized(span, sizeof(double), type)));
                break;
            case "string":
                writer.WriteStringValue(Encoding.UTF8.GetString(span));
                break;
            case "timespan":
                writer.WriteStringValue(DurationOf(BinaryPrimitives.ReadInt64LittleEndian(Sized(span, sizeof(long), type))));
                break;
            case "datetimeoffset":
                writer.WriteStringValue(TimeOf(Sized(span, sizeof(long) + sizeof(short), type)));
                break;
            case "guid":
                writer.WriteStringValue(new Guid(Sized(span, 16, type), bigEndian: true));
                break;
            case "bytes":
                writer.WriteBase64StringValue(span);
                break;
            default:
                WriteUnknown(writer, type, span);
                break;
        }
    }

    private static void WriteUnknown(Utf8JsonWriter writer, string type, ReadOnlySpan<byte> bytes)
    {
        if (type.StartsWith(EnumPrefix, StringComparison.Ordinal))
        {
            writer.WriteNumberValue(BinaryPrimitives.ReadInt64LittleEndian(Sized(bytes, sizeof(long), type)));
            return;
        }

        if (bytes is [(byte)'{' or (byte)'[' or (byte)'"', ..])
        {
            try
            {
                var reader = new Utf8JsonReader(bytes);
                using JsonDocument document = JsonDocument.ParseValue(ref reader);
                if (reader.BytesConsumed == bytes.Length)
                {
                    document.WriteTo(writer);
                    return;
                }
            }
            catch (JsonException)
            {
                // Other bytes.
            }
        }

        writer.WriteBase64StringValue(bytes);
    }

    private static string DurationOf(long ticks)
    {
        decimal seconds = (decimal)ticks / TimeSpan.TicksPerSecond;
        return Text($"{seconds:0.#######}s");
    }

    private static string TimeOf(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var time = new DateTimeOffset(
                BinaryPrimitives.ReadInt64LittleEndian(bytes),
                TimeSpan.FromMinutes(BinaryPrimitives.ReadInt16LittleEndian(bytes[sizeof(long)..]))
            );
            return time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture);
        }
        catch (ArgumentException exception)
        {
            throw new MappingException("The value is not of type datetimeoffset.", exception);
        }
    }

    private static ReadOnlySpan<byte> Sized(ReadOnlySpan<byte> bytes, int size, string type) =>
        bytes.Length == size ? bytes : throw new MappingException($"A value of type {type} has {bytes.Length} bytes instead of {size}.");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
