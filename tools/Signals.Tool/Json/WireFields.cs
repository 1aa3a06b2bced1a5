using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Json;

/// <summary>The fields of an encoded message that its type knows, by number. Fields of other numbers, or of wrong wire types, are skipped.</summary>
internal sealed class WireFields
{
    /// <summary>For each field with messages, a value that indicates whether it is a group, which only copies of descriptors contain.</summary>
    private static readonly ConditionalWeakTable<FieldDescriptor, object> Groups = [];

    private readonly Dictionary<int, List<WireField>> _fields = [];

    private WireFields() { }

    /// <summary>Reads an encoded message. Numbers may be packed or not, whatever the type declares.</summary>
    /// <exception cref="MappingException">The bytes are not an encoded message.</exception>
    internal static WireFields Read(MessageDescriptor type, ReadOnlyMemory<byte> bytes)
    {
        var fields = new WireFields();
        var scanner = new WireScanner(bytes);
        while (scanner.TryRead(out int number, out WireField value))
        {
            if (type.FindFieldByNumber(number) is { } field)
            {
                fields.Add(field, value);
            }
        }

        return fields;
    }

    /// <summary>Returns all values of a field, empty if there are none.</summary>
    internal IReadOnlyList<WireField> AllOf(int number) => _fields.GetValueOrDefault(number) ?? [];

    /// <summary>Returns the value of a singular field: the last one, or all messages merged. Null if there is none.</summary>
    internal WireField? Find(FieldDescriptor field)
    {
        IReadOnlyList<WireField> values = AllOf(field.FieldNumber);
        if (values.Count > 1 && field.FieldType is FieldType.Message or FieldType.Group)
        {
            // Encoded messages that follow each other are the encoding of the merged message.
            byte[] merged = [.. values.SelectMany(static value => value.Content.ToArray())];
            return values[^1] with { Content = merged };
        }

        return values.Count == 0 ? null : values[^1];
    }

    /// <summary>Returns the value of a singular number, text or bytes, or zero and empty.</summary>
    internal WireField ValueOf(int number) => AllOf(number) is [.., var last] ? last : default;

    private void Add(FieldDescriptor field, WireField value)
    {
        WireFormat.WireType expected = WireTypeOf(field);
        if (value.Type == expected)
        {
            ListOf(field).Add(value);
        }
        else if (value.Type == WireFormat.WireType.LengthDelimited && field.IsRepeated && IsNumber(expected))
        {
            ListOf(field).AddRange(WireScanner.ReadPacked(value.Content, expected));
        }
    }

    private List<WireField> ListOf(FieldDescriptor field)
    {
        foreach (FieldDescriptor other in field.RealContainingOneof?.Fields ?? [])
        {
            if (other != field)
            {
                _fields.Remove(other.FieldNumber);
            }
        }

        if (!_fields.TryGetValue(field.FieldNumber, out List<WireField>? values))
        {
            values = [];
            _fields.Add(field.FieldNumber, values);
        }

        return values;
    }

    /// <summary>Returns the wire type of a value that is not packed.</summary>
    internal static WireFormat.WireType WireTypeOf(FieldDescriptor field) =>
        field.FieldType switch
        {
            FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireFormat.WireType.Fixed64,
            FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => WireFormat.WireType.Fixed32,
            FieldType.String or FieldType.Bytes => WireFormat.WireType.LengthDelimited,
            FieldType.Message or FieldType.Group => IsGroup(field) ? WireFormat.WireType.StartGroup : WireFormat.WireType.LengthDelimited,
            _ => WireFormat.WireType.Varint,
        };

    /// <summary>Returns a value that indicates whether the field is a group. Its descriptor has the type of a message.</summary>
    internal static bool IsGroup(FieldDescriptor field) =>
        field.FieldType == FieldType.Group
        || (
            field.FieldType == FieldType.Message
            && (bool)Groups.GetValue(field, static field => (object)(field.ToProto().Type == FieldDescriptorProto.Types.Type.Group))
        );

    /// <summary>Returns a value that indicates whether values of a wire type can be packed.</summary>
    internal static bool IsNumber(WireFormat.WireType type) =>
        type is WireFormat.WireType.Varint or WireFormat.WireType.Fixed32 or WireFormat.WireType.Fixed64;
}
