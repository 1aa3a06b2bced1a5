using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>Writes the messages of google.protobuf that have a JSON form of their own.</summary>
internal static class WellKnownFormatter
{
    /// <summary>The prefix of the full names of the types.</summary>
    internal const string Package = "google.protobuf.";

    /// <summary>The type without fields, which has the form of a well-known type only inside of an Any.</summary>
    internal const string Empty = $"{Package}Empty";

    internal const int NanosPerSecond = 1_000_000_000;

    /// <summary>The largest absolute number of seconds of a duration.</summary>
    internal const long MaxDurationSeconds = 315_576_000_000;

    /// <summary>The seconds of the years 1 and 9999 since 1970.</summary>
    internal const long MinTimestampSeconds = -62_135_596_800;
    internal const long MaxTimestampSeconds = 253_402_300_799;

    /// <summary>Writes a message, if its type has a form of its own.</summary>
    /// <exception cref="MappingException">The message has no JSON.</exception>
    internal static bool TryWrite(MessageFormatter formatter, Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth)
    {
        if (!type.FullName.StartsWith(Package, StringComparison.Ordinal))
        {
            return false;
        }

        switch (type.FullName[Package.Length..])
        {
            case "Any":
                WriteAny(formatter, writer, type, bytes, depth);
                return true;
            case "Timestamp":
                writer.WriteStringValue(TimestampOf(WireFields.Read(type, bytes)));
                return true;
            case "Duration":
                writer.WriteStringValue(DurationOf(WireFields.Read(type, bytes)));
                return true;
            case "FieldMask":
                writer.WriteStringValue(FieldMaskOf(WireFields.Read(type, bytes)));
                return true;
            case "Struct":
                WriteStruct(formatter, writer, type, bytes, depth);
                return true;
            case "ListValue":
                WriteListValue(formatter, writer, type, bytes, depth);
                return true;
            case "Value":
                WriteValue(formatter, writer, type, bytes, depth);
                return true;
            case var name when IsWrapper(name):
                formatter.WriteValue(writer, type.FindFieldByNumber(1), WireFields.Read(type, bytes).ValueOf(1), depth);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Returns a value that indicates whether the JSON of a type is not an object of its fields.</summary>
    internal static bool HasOwnForm(MessageDescriptor type) =>
        type.FullName.StartsWith(Package, StringComparison.Ordinal)
        && type.FullName[Package.Length..] is var name
        && (name is "Any" or "Timestamp" or "Duration" or "FieldMask" or "Struct" or "ListValue" or "Value" || IsWrapper(name));

    /// <summary>Determines whether a type contains a single value, whose JSON is its own.</summary>
    private static bool IsWrapper(string name) =>
        name
            is "DoubleValue"
                or "FloatValue"
                or "Int64Value"
                or "UInt64Value"
                or "Int32Value"
                or "UInt32Value"
                or "BoolValue"
                or "StringValue"
                or "BytesValue";

    private static void WriteAny(MessageFormatter formatter, Utf8JsonWriter writer, MessageDescriptor any, ReadOnlyMemory<byte> bytes, int depth)
    {
        WireFields fields = WireFields.Read(any, bytes);
        string url = Encoding.UTF8.GetString(fields.ValueOf(1).Content.Span);
        writer.WriteStartObject();
        if (url.Length != 0)
        {
            string name = url[(url.LastIndexOf('/') + 1)..];
            MessageDescriptor type =
                formatter.Types.Find(name)
                ?? throw new MappingException(
                    $"A google.protobuf.Any contains a message of the unknown type {name}. Pass a file that declares it with --proto."
                );
            writer.WriteString("@type", url);
            ReadOnlyMemory<byte> content = fields.ValueOf(2).Content;
            if (HasOwnForm(type) || type.FullName == Empty)
            {
                writer.WritePropertyName("value");
                formatter.Write(writer, type, content, depth + 1);
            }
            else if (depth < MessageFormatter.MaxDepth)
            {
                formatter.WriteFields(writer, type, content, depth + 1);
            }
            else
            {
                throw new MappingException($"More than {MessageFormatter.MaxDepth} messages are inside each other.");
            }
        }

        writer.WriteEndObject();
    }

    private static string TimestampOf(WireFields fields)
    {
        (long seconds, int nanos) = (SecondsOf(fields), NanosOf(fields));
        return seconds is >= MinTimestampSeconds and <= MaxTimestampSeconds && nanos is >= 0 and < NanosPerSecond
            ? $"{DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)}{FractionOf(nanos)}Z"
            : throw new MappingException($"A google.protobuf.Timestamp of {seconds} s and {nanos} ns is not valid.");
    }

    private static string DurationOf(WireFields fields)
    {
        (long seconds, int nanos) = (SecondsOf(fields), NanosOf(fields));
        bool isValid =
            seconds is >= -MaxDurationSeconds and <= MaxDurationSeconds
            && nanos is > -NanosPerSecond and < NanosPerSecond
            && (seconds == 0 || nanos == 0 || seconds < 0 == nanos < 0);
        return isValid
            ? string.Create(CultureInfo.InvariantCulture, $"{(seconds < 0 || nanos < 0 ? "-" : "")}{Math.Abs(seconds)}{FractionOf(Math.Abs(nanos))}s")
            : throw new MappingException($"A google.protobuf.Duration of {seconds} s and {nanos} ns is not valid.");
    }

    private static long SecondsOf(WireFields fields) => (long)fields.ValueOf(1).Bits;

    private static int NanosOf(WireFields fields) => (int)fields.ValueOf(2).Bits;

    /// <summary>Returns three, six or nine digits behind a point, or nothing for zero.</summary>
    private static string FractionOf(int nanos)
    {
        (int value, string format) =
            nanos % 1_000_000 == 0 ? (nanos / 1_000_000, "D3")
            : nanos % 1_000 == 0 ? (nanos / 1_000, "D6")
            : (nanos, "D9");
        return nanos == 0 ? "" : $".{value.ToString(format, CultureInfo.InvariantCulture)}";
    }

    private static string FieldMaskOf(WireFields fields)
    {
        IEnumerable<string> paths = fields.AllOf(1).Select(static path => Encoding.UTF8.GetString(path.Content.Span));
        return string.Join(',', paths.Select(CamelOf));
    }

    private static string CamelOf(string path)
    {
        var camel = new StringBuilder(path.Length);
        for (int index = 0; index < path.Length; index++)
        {
            bool isBreak = path[index] == '_';
            if (char.IsAsciiLetterUpper(path[index]) || (isBreak && (index + 1 == path.Length || !char.IsAsciiLetterLower(path[index + 1]))))
            {
                throw new MappingException($"The path \"{path}\" of a google.protobuf.FieldMask has no JSON.");
            }

            camel.Append(isBreak ? char.ToUpperInvariant(path[++index]) : path[index]);
        }

        return camel.ToString();
    }

    private static void WriteStruct(MessageFormatter formatter, Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth)
    {
        MessageDescriptor entryType = type.FindFieldByNumber(1).MessageType;
        FieldDescriptor valueField = entryType.FindFieldByNumber(2);
        var values = new OrderedDictionary<string, ReadOnlyMemory<byte>>();
        foreach (WireField entry in WireFields.Read(type, bytes).AllOf(1))
        {
            WireFields fields = WireFields.Read(entryType, entry.Content);
            values[Encoding.UTF8.GetString(fields.ValueOf(1).Content.Span)] = fields.Find(valueField)?.Content ?? default;
        }

        writer.WriteStartObject();
        foreach ((string key, ReadOnlyMemory<byte> value) in values)
        {
            writer.WritePropertyName(key);
            formatter.Write(writer, valueField.MessageType, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteListValue(MessageFormatter formatter, Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth)
    {
        MessageDescriptor valueType = type.FindFieldByNumber(1).MessageType;
        writer.WriteStartArray();
        foreach (WireField value in WireFields.Read(type, bytes).AllOf(1))
        {
            formatter.Write(writer, valueType, value.Content, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static void WriteValue(MessageFormatter formatter, Utf8JsonWriter writer, MessageDescriptor type, ReadOnlyMemory<byte> bytes, int depth)
    {
        WireFields fields = WireFields.Read(type, bytes);
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder())
        {
            if (fields.Find(field) is not { } value)
            {
                continue;
            }

            if (field.FieldType == FieldType.Double && !double.IsFinite(BitConverter.UInt64BitsToDouble(value.Bits)))
            {
                throw new MappingException("A google.protobuf.Value is a number that JSON does not have.");
            }

            formatter.WriteValue(writer, field, value, depth);
            return;
        }

        // A value of no kind.
        writer.WriteNullValue();
    }
}
