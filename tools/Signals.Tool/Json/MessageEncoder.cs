using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>Encodes JSON as messages, by their descriptors, as protobuf's JSON mapping defines it.</summary>
/// <param name="types">The types of messages in fields of the type <c>google.protobuf.Any</c>.</param>
internal sealed class MessageEncoder(MessageTypes types)
{
    private const string NullValue = "google.protobuf.NullValue";

    /// <summary>UTF-8 that refuses a surrogate without its partner.</summary>
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Gets the types of messages in fields of the type <c>google.protobuf.Any</c>.</summary>
    internal MessageTypes Types => types;

    /// <summary>Encodes a text of JSON as a message.</summary>
    /// <exception cref="MappingException">The text is not JSON, or does not fit the type. The message says where.</exception>
    internal byte[] Encode(MessageDescriptor type, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MessageFormatter.MaxDepth });
            return Encode(type, document.RootElement, "");
        }
        catch (JsonException exception)
        {
            throw new MappingException($"This is not JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Encodes a value of JSON as a message.</summary>
    /// <param name="type">The type of the message.</param>
    /// <param name="json">The value.</param>
    /// <param name="path">The position of the value in the document, for exceptions. Empty for the document.</param>
    internal byte[] Encode(MessageDescriptor type, JsonElement json, string path)
    {
        var buffer = new WireBuffer();
        if (!WellKnownEncoder.TryEncode(this, buffer, type, json, path))
        {
            EncodeFields(buffer, type, json, path);
        }

        return buffer.Written.ToArray();
    }

    /// <summary>Encodes the properties of an object as the fields of a message.</summary>
    /// <param name="buffer">The buffer to write to.</param>
    /// <param name="type">The type of the message.</param>
    /// <param name="json">The object.</param>
    /// <param name="path">The position of the object.</param>
    /// <param name="ignored">The name of a property that is not a field, or null.</param>
    internal void EncodeFields(WireBuffer buffer, MessageDescriptor type, JsonElement json, string path, string? ignored = null)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, $"an object of the type {type.FullName}", json);
        }

        Dictionary<string, FieldDescriptor> fields = FieldsOf(type);
        HashSet<FieldDescriptor> set = [];
        Dictionary<OneofDescriptor, string> oneofs = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (property.Name == ignored)
            {
                continue;
            }

            string place = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            if (!fields.TryGetValue(property.Name, out FieldDescriptor? field))
            {
                throw new MappingException($"{place}: {type.FullName} has no field {property.Name}.");
            }

            if (!set.Add(field))
            {
                throw new MappingException($"{place}: the field is set twice.");
            }

            if (property.Value.ValueKind == JsonValueKind.Null && !IsNullable(field))
            {
                continue;
            }

            if (field.RealContainingOneof is { } oneof && !oneofs.TryAdd(oneof, field.Name))
            {
                throw new MappingException($"{place}: {oneofs[oneof]} is set too, and only one of the fields of {oneof.Name} can be set.");
            }

            EncodeField(buffer, field, property.Value, place);
        }
    }

    /// <summary>Encodes one value of a field, without its tag.</summary>
    internal void EncodeValue(WireBuffer buffer, FieldDescriptor field, JsonElement json, string path)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group when !WireFields.IsGroup(field):
                buffer.WriteBytes(Encode(field.MessageType, json, path));
                break;
            case FieldType.Message or FieldType.Group:
                buffer.WriteRaw(Encode(field.MessageType, json, path));
                buffer.WriteTag(field.FieldNumber, WireFormat.WireType.EndGroup);
                break;
            case FieldType.String:
                buffer.WriteBytes(ToUtf8(TextOf(json, path), path));
                break;
            case FieldType.Bytes:
                buffer.WriteBytes(ToBytes(TextOf(json, path), path));
                break;
            case FieldType.Bool:
                buffer.WriteVarint(
                    json.ValueKind switch
                    {
                        JsonValueKind.True => 1UL,
                        JsonValueKind.False => 0,
                        _ => throw Wrong(path, "true or false", json),
                    }
                );
                break;
            case FieldType.Enum:
                buffer.WriteVarint((ulong)EnumOf(field.EnumType, json, path));
                break;
            case FieldType.Double:
                buffer.WriteFixed64(BitConverter.DoubleToUInt64Bits(DoubleOf(json, path)));
                break;
            case FieldType.Float:
                buffer.WriteFixed32(BitConverter.SingleToUInt32Bits(FloatOf(json, path)));
                break;
            default:
                WriteInteger(buffer, field.FieldType, IntegerText(json, path), path);
                break;
        }
    }

    /// <summary>Returns a text of JSON.</summary>
    internal static string TextOf(JsonElement json, string path)
    {
        try
        {
            return json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong(path, "a string", json);
        }
        catch (InvalidOperationException exception)
        {
            throw new MappingException($"{Place(path)}the string has a surrogate without its partner.", exception);
        }
    }

    /// <summary>Returns the exception for a value of the wrong kind.</summary>
    internal static MappingException Wrong(string path, string expected, JsonElement json)
    {
        string text = json.GetRawText();
        return new MappingException($"{Place(path)}expected {expected} instead of {(text.Length <= 40 ? text : $"{text[..40]}…")}.");
    }

    internal static string Place(string path) => path.Length == 0 ? "" : $"{path}: ";

    /// <summary>Returns the fields of a type by their names in JSON and in the .proto file.</summary>
    private static Dictionary<string, FieldDescriptor> FieldsOf(MessageDescriptor type)
    {
        Dictionary<string, FieldDescriptor> fields = [];
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            fields[field.Name] = field;
        }

        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            fields[field.JsonName] = field;
        }

        return fields;
    }

    private void EncodeField(WireBuffer buffer, FieldDescriptor field, JsonElement json, string path)
    {
        if (field.IsMap)
        {
            EncodeMap(buffer, field, json, path);
        }
        else if (field.IsRepeated)
        {
            EncodeList(buffer, field, json, path);
        }
        else
        {
            var value = new WireBuffer();
            EncodeValue(value, field, json, path);
            if (field.HasPresence || value.Written.ContainsAnyExcept((byte)0))
            {
                buffer.WriteTag(field.FieldNumber, WireFields.WireTypeOf(field));
                buffer.WriteRaw(value.Written);
            }
        }
    }

    private void EncodeList(WireBuffer buffer, FieldDescriptor field, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(path, "an array", json);
        }

        // Of proto3, the property is also true for texts and messages.
        bool isPacked = field.IsPacked && WireFields.IsNumber(WireFields.WireTypeOf(field));
        var packed = new WireBuffer();
        int index = 0;
        foreach (JsonElement element in json.EnumerateArray())
        {
            string place = $"{path}[{index++}]";
            if (element.ValueKind == JsonValueKind.Null && !IsNullable(field, isElement: true))
            {
                throw Wrong(place, "a value", element);
            }

            if (isPacked)
            {
                EncodeValue(packed, field, element, place);
            }
            else
            {
                buffer.WriteTag(field.FieldNumber, WireFields.WireTypeOf(field));
                EncodeValue(buffer, field, element, place);
            }
        }

        if (!packed.Written.IsEmpty)
        {
            buffer.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
            buffer.WriteBytes(packed.Written);
        }
    }

    private void EncodeMap(WireBuffer buffer, FieldDescriptor field, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(path, "an object", json);
        }

        FieldDescriptor keyField = field.MessageType.FindFieldByNumber(1);
        FieldDescriptor valueField = field.MessageType.FindFieldByNumber(2);
        foreach (JsonProperty property in json.EnumerateObject())
        {
            string place = $"{path}[\"{property.Name}\"]";
            if (property.Value.ValueKind == JsonValueKind.Null && !IsNullable(valueField, isElement: true))
            {
                throw Wrong(place, "a value", property.Value);
            }

            var entry = new WireBuffer();
            entry.WriteTag(1, WireFields.WireTypeOf(keyField));
            EncodeKey(entry, keyField.FieldType, property.Name, place);
            entry.WriteTag(2, WireFields.WireTypeOf(valueField));
            EncodeValue(entry, valueField, property.Value, place);
            buffer.WriteTag(field.FieldNumber, WireFormat.WireType.LengthDelimited);
            buffer.WriteBytes(entry.Written);
        }
    }

    private static void EncodeKey(WireBuffer buffer, FieldType type, string key, string path)
    {
        switch (type)
        {
            case FieldType.String:
                buffer.WriteBytes(ToUtf8(key, path));
                break;
            case FieldType.Bool when key is "true" or "false":
                buffer.WriteVarint(key == "true" ? 1UL : 0);
                break;
            case FieldType.Bool:
                throw new MappingException($"{Place(path)}the key must be true or false.");
            default:
                WriteInteger(buffer, type, key, path);
                break;
        }
    }

    /// <summary>Returns a value that indicates whether null is a value of the field, and not its absence.</summary>
    private static bool IsNullable(FieldDescriptor field, bool isElement = false) =>
        (isElement || !field.IsRepeated)
        && field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName == "google.protobuf.Value",
            FieldType.Enum => field.EnumType.FullName == NullValue,
            _ => false,
        };

    private static long EnumOf(EnumDescriptor type, JsonElement json, string path) =>
        json.ValueKind switch
        {
            JsonValueKind.Null when type.FullName == NullValue => 0,
            JsonValueKind.String => type.FindValueByName(TextOf(json, path))?.Number ?? throw Wrong(path, $"a value of {type.FullName}", json),
            JsonValueKind.Number => (long)ToInteger(json.GetRawText(), int.MinValue, int.MaxValue, path),
            _ => throw Wrong(path, $"a value of {type.FullName}", json),
        };

    private static string IntegerText(JsonElement json, string path) =>
        json.ValueKind switch
        {
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.String => TextOf(json, path),
            _ => throw Wrong(path, "an integer", json),
        };

    private static void WriteInteger(WireBuffer buffer, FieldType type, string text, string path)
    {
        switch (type)
        {
            case FieldType.Int32:
                buffer.WriteVarint((ulong)(long)ToInteger(text, int.MinValue, int.MaxValue, path));
                break;
            case FieldType.SInt32 or FieldType.SInt64:
                bool isLong = type == FieldType.SInt64;
                long signed = (long)ToInteger(text, isLong ? long.MinValue : int.MinValue, isLong ? long.MaxValue : int.MaxValue, path);
                buffer.WriteVarint((ulong)((signed << 1) ^ (signed >> 63)));
                break;
            case FieldType.SFixed32:
                buffer.WriteFixed32((uint)(int)ToInteger(text, int.MinValue, int.MaxValue, path));
                break;
            case FieldType.UInt32:
                buffer.WriteVarint((ulong)ToInteger(text, uint.MinValue, uint.MaxValue, path));
                break;
            case FieldType.Fixed32:
                buffer.WriteFixed32((uint)ToInteger(text, uint.MinValue, uint.MaxValue, path));
                break;
            case FieldType.Int64:
                buffer.WriteVarint((ulong)(long)ToInteger(text, long.MinValue, long.MaxValue, path));
                break;
            case FieldType.SFixed64:
                buffer.WriteFixed64((ulong)(long)ToInteger(text, long.MinValue, long.MaxValue, path));
                break;
            case FieldType.UInt64:
                buffer.WriteVarint((ulong)ToInteger(text, ulong.MinValue, ulong.MaxValue, path));
                break;
            default:
                buffer.WriteFixed64((ulong)ToInteger(text, ulong.MinValue, ulong.MaxValue, path));
                break;
        }
    }

    /// <summary>Returns an integer, which may be written with a fraction of zero or an exponent.</summary>
    private static decimal ToInteger(string text, decimal least, decimal greatest, string path)
    {
        const NumberStyles style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return
            decimal.TryParse(text, style, CultureInfo.InvariantCulture, out decimal value)
            && text[0] != '+'
            && value == decimal.Truncate(value)
            && value >= least
            && value <= greatest
            ? decimal.Truncate(value)
            : throw new MappingException($"{Place(path)}{text} is not an integer from {least} to {greatest}.");
    }

    private static double DoubleOf(JsonElement json, string path)
    {
        string text = NumberText(json, path, out bool isName);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && (isName || double.IsFinite(value))
            ? value
            : throw Wrong(path, "a number", json);
    }

    private static float FloatOf(JsonElement json, string path)
    {
        string text = NumberText(json, path, out bool isName);
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && (isName || float.IsFinite(value))
            ? value
            : throw Wrong(path, "a number of the type float", json);
    }

    private static string NumberText(JsonElement json, string path, out bool isName)
    {
        string text = json.ValueKind switch
        {
            JsonValueKind.Number => json.GetRawText(),
            JsonValueKind.String => TextOf(json, path),
            _ => throw Wrong(path, "a number", json),
        };
        isName = text is "NaN" or "Infinity" or "-Infinity";
        return text.AsSpan().ContainsAny(" \t\r\n") ? "" : text;
    }

    private static byte[] ToUtf8(string text, string path)
    {
        try
        {
            return StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new MappingException($"{Place(path)}the string has a surrogate without its partner.", exception);
        }
    }

    /// <summary>Decodes base64: that of both alphabets, with or without padding.</summary>
    private static byte[] ToBytes(string text, string path)
    {
        try
        {
            string standard = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
            return Convert.FromBase64String(standard.PadRight((standard.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException exception)
        {
            throw new MappingException($"{Place(path)}the string is not base64.", exception);
        }
    }
}
