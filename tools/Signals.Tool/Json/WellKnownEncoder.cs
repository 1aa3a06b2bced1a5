using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>Encodes the messages of google.protobuf that have a JSON form of their own.</summary>
internal static partial class WellKnownEncoder
{
    private const int NanoDigits = 9;

    /// <summary>Encodes a message, if its type has a form of its own.</summary>
    /// <exception cref="MappingException">The JSON does not fit the type.</exception>
    internal static bool TryEncode(MessageEncoder encoder, WireBuffer buffer, MessageDescriptor type, JsonElement json, string path)
    {
        if (!WellKnownFormatter.HasOwnForm(type))
        {
            return false;
        }

        switch (type.FullName[WellKnownFormatter.Package.Length..])
        {
            case "Any":
                EncodeAny(encoder, buffer, json, path);
                break;
            case "Timestamp":
                EncodeTimestamp(buffer, MessageEncoder.TextOf(json, path), path);
                break;
            case "Duration":
                EncodeDuration(buffer, MessageEncoder.TextOf(json, path), path);
                break;
            case "FieldMask":
                EncodeFieldMask(buffer, MessageEncoder.TextOf(json, path), path);
                break;
            case "Struct":
                EncodeStruct(encoder, buffer, type, json, path);
                break;
            case "ListValue":
                EncodeListValue(encoder, buffer, type, json, path);
                break;
            case "Value":
                EncodeValue(encoder, buffer, type, json, path);
                break;
            default:
                FieldDescriptor value = type.FindFieldByNumber(1);
                buffer.WriteTag(1, WireFields.WireTypeOf(value));
                encoder.EncodeValue(buffer, value, json, path);
                break;
        }

        return true;
    }

    private static void EncodeAny(MessageEncoder encoder, WireBuffer buffer, JsonElement json, string path)
    {
        const string typeName = "@type";
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw MessageEncoder.Wrong(path, $"an object with a property {typeName}", json);
        }

        if (!json.EnumerateObject().Any())
        {
            return;
        }

        string url = json.TryGetProperty(typeName, out JsonElement urlElement)
            ? MessageEncoder.TextOf(urlElement, $"{path}.{typeName}")
            : throw MessageEncoder.Wrong(path, $"an object with a property {typeName}", json);
        string name = url[(url.LastIndexOf('/') + 1)..];
        MessageDescriptor type =
            encoder.Types.Find(name)
            ?? throw new MappingException($"{MessageEncoder.Place(path)}the type {name} is not known. Pass a file that declares it with --proto.");
        var content = new WireBuffer();
        bool hasValue = json.TryGetProperty("value", out JsonElement value);
        if (!WellKnownFormatter.HasOwnForm(type) && !(hasValue && type.FullName == WellKnownFormatter.Empty))
        {
            encoder.EncodeFields(content, type, json, path, ignored: typeName);
        }
        else if (hasValue && json.EnumerateObject().Count() == 2)
        {
            content.WriteRaw(encoder.Encode(type, value, $"{path}.value"));
        }
        else
        {
            throw MessageEncoder.Wrong(path, $"an object with the properties {typeName} and value", json);
        }

        WriteText(buffer, 1, url);
        buffer.WriteTag(2, WireFormat.WireType.LengthDelimited);
        buffer.WriteBytes(content.Written);
    }

    private static void EncodeTimestamp(WireBuffer buffer, string text, string path)
    {
        Match match = TimestampPattern().Match(text);
        if (
            !match.Success
            || !DateTime.TryParseExact(
                match.Groups["time"].Value,
                "yyyy-MM-dd'T'HH:mm:ss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out DateTime time
            )
        )
        {
            throw new MappingException($"{MessageEncoder.Place(path)}\"{text}\" is not a time such as \"2026-01-31T12:00:00Z\".");
        }

        long seconds = (time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (match.Groups["sign"].Success)
        {
            int hours = int.Parse(match.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture);
            int minutes = int.Parse(match.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture);
            int offset = (hours * 60) + minutes;
            if (minutes > 59 || offset > 18 * 60)
            {
                throw new MappingException($"{MessageEncoder.Place(path)}\"{text}\" has an offset of more than 18 hours.");
            }

            seconds -= (match.Groups["sign"].Value == "-" ? -60L : 60L) * offset;
        }

        if (seconds is < WellKnownFormatter.MinTimestampSeconds or > WellKnownFormatter.MaxTimestampSeconds)
        {
            throw new MappingException($"{MessageEncoder.Place(path)}\"{text}\" is not in the years 1 to 9999.");
        }

        WriteTime(buffer, seconds, NanosOf(match.Groups["fraction"]));
    }

    private static void EncodeDuration(WireBuffer buffer, string text, string path)
    {
        Match match = DurationPattern().Match(text);
        if (
            !match.Success
            || !long.TryParse(match.Groups["seconds"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            || seconds > WellKnownFormatter.MaxDurationSeconds
        )
        {
            throw new MappingException($"{MessageEncoder.Place(path)}\"{text}\" is not a duration such as \"1.5s\".");
        }

        int sign = match.Groups["sign"].Value == "-" ? -1 : 1;
        WriteTime(buffer, sign * seconds, sign * NanosOf(match.Groups["fraction"]));
    }

    private static int NanosOf(Group fraction) =>
        fraction.Success ? int.Parse(fraction.Value.PadRight(NanoDigits, '0'), NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    private static void WriteTime(WireBuffer buffer, long seconds, int nanos)
    {
        if (seconds != 0)
        {
            buffer.WriteTag(1, WireFormat.WireType.Varint);
            buffer.WriteVarint((ulong)seconds);
        }

        if (nanos != 0)
        {
            buffer.WriteTag(2, WireFormat.WireType.Varint);
            buffer.WriteVarint((ulong)(long)nanos);
        }
    }

    private static void EncodeFieldMask(WireBuffer buffer, string text, string path)
    {
        foreach (string field in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (field.Contains('_', StringComparison.Ordinal))
            {
                throw new MappingException($"{MessageEncoder.Place(path)}the path \"{field}\" has an underscore. Write it in lowerCamelCase.");
            }

            var snake = new StringBuilder(field.Length);
            foreach (char character in field)
            {
                snake.Append(char.IsAsciiLetterUpper(character) ? $"_{char.ToLowerInvariant(character)}" : $"{character}");
            }

            WriteText(buffer, 1, snake.ToString());
        }
    }

    private static void EncodeStruct(MessageEncoder encoder, WireBuffer buffer, MessageDescriptor type, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw MessageEncoder.Wrong(path, "an object", json);
        }

        MessageDescriptor valueType = type.FindFieldByNumber(1).MessageType.FindFieldByNumber(2).MessageType;
        foreach (JsonProperty property in json.EnumerateObject())
        {
            var entry = new WireBuffer();
            WriteText(entry, 1, property.Name);
            entry.WriteTag(2, WireFormat.WireType.LengthDelimited);
            entry.WriteBytes(encoder.Encode(valueType, property.Value, $"{path}.{property.Name}"));
            buffer.WriteTag(1, WireFormat.WireType.LengthDelimited);
            buffer.WriteBytes(entry.Written);
        }
    }

    private static void EncodeListValue(MessageEncoder encoder, WireBuffer buffer, MessageDescriptor type, JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw MessageEncoder.Wrong(path, "an array", json);
        }

        MessageDescriptor valueType = type.FindFieldByNumber(1).MessageType;
        int index = 0;
        foreach (JsonElement element in json.EnumerateArray())
        {
            buffer.WriteTag(1, WireFormat.WireType.LengthDelimited);
            buffer.WriteBytes(encoder.Encode(valueType, element, $"{path}[{index++}]"));
        }
    }

    private static void EncodeValue(MessageEncoder encoder, WireBuffer buffer, MessageDescriptor type, JsonElement json, string path)
    {
        FieldDescriptor field = type.FindFieldByNumber(
            json.ValueKind switch
            {
                JsonValueKind.Null => 1,
                JsonValueKind.Number => 2,
                JsonValueKind.String => 3,
                JsonValueKind.True or JsonValueKind.False => 4,
                JsonValueKind.Object => 5,
                _ => 6,
            }
        );
        buffer.WriteTag(field.FieldNumber, WireFields.WireTypeOf(field));
        encoder.EncodeValue(buffer, field, json, path);
    }

    private static void WriteText(WireBuffer buffer, int number, string text)
    {
        buffer.WriteTag(number, WireFormat.WireType.LengthDelimited);
        buffer.WriteBytes(Encoding.UTF8.GetBytes(text));
    }

    [GeneratedRegex(
        @"^(?<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]{1,9}))?(Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))\z"
    )]
    private static partial Regex TimestampPattern();

    [GeneratedRegex(@"^(?<sign>-?)(?<seconds>[0-9]{1,12})(\.(?<fraction>[0-9]{1,9}))?s\z")]
    private static partial Regex DurationPattern();
}
