using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>Writes encoded messages as JSON, by their descriptors, as protobuf's JSON mapping defines it. Default values and unknown fields are omitted.</summary>
/// <param name="types">The types of messages in fields of the type <c>google.protobuf.Any</c>.</param>
internal sealed class MessageFormatter(MessageTypes types)
{
    /// <summary>The maximum number of messages inside each other.</summary>
    internal const int MaxDepth = 100;

    private const string NullValue = "google.protobuf.NullValue";

    /// <summary>Gets the types of messages in fields of the type <c>google.protobuf.Any</c>.</summary>
    internal MessageTypes Types => types;

    /// <summary>Writes a message.</summary>
    /// <exception cref="MappingException">The bytes are not an encoded message, or have no JSON.</exception>
    internal void Write(Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw new MappingException($"More than {MaxDepth} messages are inside each other.");
        }

        if (!WellKnownFormatter.TryWrite(this, writer, type, bytes, depth))
        {
            writer.WriteStartObject();
            WriteFields(writer, type, bytes, depth);
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the fields of a message as properties of the current object.</summary>
    internal void WriteFields(Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth)
    {
        WireFields fields = WireFields.Read(type, bytes);
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            if (field.IsMap)
            {
                WriteMap(writer, field, fields.AllOf(field.FieldNumber), depth);
            }
            else if (field.IsRepeated)
            {
                WriteList(writer, field, fields.AllOf(field.FieldNumber), depth);
            }
            else if (fields.Find(field) is { } value && (field.HasPresence || !IsDefault(field, value)))
            {
                writer.WritePropertyName(field.JsonName);
                WriteValue(writer, field, value, depth);
            }
        }
    }

    /// <summary>Writes one value of a field.</summary>
    internal void WriteValue(Utf8JsonWriter writer, FieldDescriptor field, WireField value, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group:
                Write(writer, field.MessageType, value.Content, depth + 1);
                break;
            case FieldType.String:
                writer.WriteStringValue(Encoding.UTF8.GetString(value.Content.Span));
                break;
            case FieldType.Bytes:
                writer.WriteBase64StringValue(value.Content.Span);
                break;
            case FieldType.Bool:
                writer.WriteBooleanValue(value.Bits != 0);
                break;
            case FieldType.Enum:
                WriteEnum(writer, field.EnumType, (int)value.Bits);
                break;
            case FieldType.Double:
                WriteNumber(writer, BitConverter.UInt64BitsToDouble(value.Bits));
                break;
            case FieldType.Float:
                WriteNumber(writer, BitConverter.UInt32BitsToSingle((uint)value.Bits));
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                writer.WriteNumberValue((int)ToInteger(field.FieldType, value.Bits));
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                writer.WriteNumberValue((uint)ToInteger(field.FieldType, value.Bits));
                break;
            default:
                writer.WriteStringValue(ToInteger(field.FieldType, value.Bits).ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Writes a number, or the name of a value that is not a number in JSON.</summary>
    internal static void WriteNumber(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(NameOf(value));
        }
    }

    /// <inheritdoc cref="WriteNumber(Utf8JsonWriter, double)"/>
    internal static void WriteNumber(Utf8JsonWriter writer, float value)
    {
        if (float.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteStringValue(NameOf(value));
        }
    }

    private static string NameOf(double value) =>
        double.IsNaN(value) ? "NaN"
        : value > 0 ? "Infinity"
        : "-Infinity";

    private void WriteList(Utf8JsonWriter writer, FieldDescriptor field, IReadOnlyList<WireField> values, int depth)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(field.JsonName);
        foreach (WireField value in values)
        {
            WriteValue(writer, field, value, depth);
        }

        writer.WriteEndArray();
    }

    private void WriteMap(Utf8JsonWriter writer, FieldDescriptor field, IReadOnlyList<WireField> entries, int depth)
    {
        if (entries.Count == 0)
        {
            return;
        }

        FieldDescriptor keyField = field.MessageType.FindFieldByNumber(1);
        FieldDescriptor valueField = field.MessageType.FindFieldByNumber(2);

        // In the order in which the keys first occur; the last value of a key counts.
        var values = new OrderedDictionary<string, WireField>();
        foreach (WireField entry in entries)
        {
            WireFields fields = WireFields.Read(field.MessageType, entry.Content);
            values[KeyOf(keyField.FieldType, fields.ValueOf(1))] = fields.Find(valueField) ?? default;
        }

        writer.WriteStartObject(field.JsonName);
        foreach ((string key, WireField value) in values)
        {
            writer.WritePropertyName(key);
            WriteValue(writer, valueField, value, depth);
        }

        writer.WriteEndObject();
    }

    private static string KeyOf(FieldType type, WireField key) =>
        type switch
        {
            FieldType.String => Encoding.UTF8.GetString(key.Content.Span),
            FieldType.Bool => key.Bits != 0 ? "true" : "false",
            _ => ToInteger(type, key.Bits).ToString(CultureInfo.InvariantCulture),
        };

    private static void WriteEnum(Utf8JsonWriter writer, EnumDescriptor type, int number)
    {
        if (type.FullName == NullValue)
        {
            writer.WriteNullValue();
        }
        else if (type.FindValueByNumber(number) is { } value)
        {
            writer.WriteStringValue(value.Name);
        }
        else
        {
            writer.WriteNumberValue(number);
        }
    }

    /// <summary>Returns an integer of any type, of which values of 32 bits may be encoded in more.</summary>
    private static Int128 ToInteger(FieldType type, ulong bits) =>
        type switch
        {
            FieldType.Int32 or FieldType.SFixed32 => (int)bits,
            FieldType.SInt32 => (int)((uint)bits >> 1) ^ -(int)(bits & 1),
            FieldType.UInt32 or FieldType.Fixed32 => (uint)bits,
            FieldType.SInt64 => (long)(bits >> 1) ^ -(long)(bits & 1),
            FieldType.UInt64 or FieldType.Fixed64 => bits,
            _ => (long)bits,
        };

    private static bool IsDefault(FieldDescriptor field, WireField value) =>
        field.FieldType switch
        {
            FieldType.String or FieldType.Bytes => value.Content.IsEmpty,
            FieldType.Int32 or FieldType.UInt32 or FieldType.SInt32 or FieldType.Enum => (uint)value.Bits == 0,
            _ => value.Bits == 0,
        };
}
