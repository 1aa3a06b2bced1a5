using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using Signals.Tests.Tool.Protos;
using Signals.Tests.Tool.Support;
using Signals.Tool.Json;
using Signals.Tool.Output;

namespace Signals.Tests.Tool.Json;

/// <summary>The JSON of encoded messages is that of Google.Protobuf's own formatter of generated classes.</summary>
public sealed class MessageFormatterTests
{
    private static readonly JsonFormatter Oracle = new(new JsonFormatter.Settings(formatDefaultValues: false, ToolTypes.Registry));

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void L2_json_of_random_messages_is_that_of_generated_classes(int seed)
    {
        var random = new RandomMessages(seed);
        for (int count = 0; count < 500; count++)
        {
            AssertLikeOracle(random.Next());
        }
    }

    [Test]
    public void L2_json_of_each_kind_of_field_is_that_of_generated_classes()
    {
        AssertLikeOracle(new Scalars());
        AssertLikeOracle(
            new Scalars
            {
                Int64Value = long.MinValue,
                Uint64Value = ulong.MaxValue,
                FloatValue = float.NaN,
                DoubleValue = double.NegativeInfinity,
            }
        );
        AssertLikeOracle(new Scalars { BytesValue = ByteString.CopyFrom(0xFB, 0xFF, 0xFE), ColorValue = Color.DeepBlue });
        AssertLikeOracle(new Scalars { ColorValue = (Color)77 });
        AssertLikeOracle(
            new Optionals
            {
                BoolValue = false,
                Int32Value = 0,
                StringValue = "",
                BytesValue = ByteString.Empty,
                ColorValue = Color.None,
            }
        );
        AssertLikeOracle(new Choices { Number = 0, Right = "" });
        AssertLikeOracle(
            new Names
            {
                SnakeCaseName = "a",
                Renamed = "b",
                CamelCase = "c",
                With1Digit = 1,
            }
        );
        AssertLikeOracle(new Legacy());
        AssertLikeOracle(
            new Legacy
            {
                WithDefault = 41,
                Part = new Legacy.Types.Part { Inner = new Legacy.Types.Part.Types.Inner { Depth = -1 } },
            }
        );
        AssertLikeOracle(new WellKnown { Empty = new Empty(), Value = Value.ForNull() });
    }

    [Test]
    public void L2_empty_any_is_an_empty_object() => Assert.That(Format(new WellKnown { Any = new Any() }), Is.EqualTo("""{"any":{}}"""));

    [Test]
    public void L2_int64_is_a_string_and_bytes_are_base64()
    {
        var message = new Scalars
        {
            Int64Value = 5,
            BytesValue = ByteString.CopyFromUtf8("hi"),
            Int32Value = 5,
        };
        Assert.That(Format(message), Is.EqualTo("""{"int32Value":5,"int64Value":"5","bytesValue":"aGk="}"""));
    }

    [Test]
    public void L2_unknown_fields_and_fields_of_other_wire_types_are_omitted()
    {
        byte[] bytes = new Scalars
        {
            Int32Value = 1,
            StringValue = "a",
            DoubleValue = 2,
            BytesValue = ByteString.CopyFrom(1),
        }.ToByteArray();
        Assert.That(Format(FewScalars.Descriptor, bytes), Is.EqualTo("""{"int32Value":1,"stringValue":"a"}"""));

        // The number of int32_value, with text; and a group of an unknown number.
        byte[] odd = [(3 << 3) | 2, 1, (byte)'x', (4 << 3) | 3, (5 << 3) | 0, 1, (4 << 3) | 4, (14 << 3) | 2, 1, (byte)'b'];
        Assert.That(Format(FewScalars.Descriptor, odd), Is.EqualTo("""{"stringValue":"b"}"""));
    }

    [Test]
    public void L2_numbers_are_read_packed_or_not_whatever_is_declared()
    {
        Assert.That(Format(Lists.Descriptor, [(3 << 3) | 0, 1, (3 << 3) | 2, 2, 2, 3, (3 << 3) | 0, 4]), Is.EqualTo("""{"int32s":[1,2,3,4]}"""));
        Assert.That(Format(Lists.Descriptor, [0x8A, 0x01, 2, 5, 6]), Is.EqualTo("""{"unpacked":[5,6]}"""));
    }

    [Test]
    public void L2_a_message_that_occurs_twice_is_merged_and_the_last_of_a_oneof_counts()
    {
        byte[] twice =
        [
            .. new Everything
            {
                Scalars = new Scalars { Int32Value = 1, StringValue = "a" },
            }.ToByteArray(),
            .. new Everything { Scalars = new Scalars { Int32Value = 2 } }.ToByteArray(),
        ];
        Assert.That(Format(Everything.Descriptor, twice), Is.EqualTo("""{"scalars":{"int32Value":2,"stringValue":"a"}}"""));
        byte[] choices =
        [
            .. new Choices { Message = new Scalars { Int32Value = 1 } }.ToByteArray(),
            .. new Choices { Text = "a" }.ToByteArray(),
            .. new Choices { Message = new Scalars { StringValue = "b" } }.ToByteArray(),
        ];
        Assert.That(Format(Choices.Descriptor, choices), Is.EqualTo("""{"message":{"stringValue":"b"}}"""));
        AssertLikeOracle(Choices.Parser.ParseFrom(choices));
    }

    [Test]
    public void L2_map_entries_may_lack_a_key_or_a_value_and_the_last_one_of_a_key_counts()
    {
        byte[] entries = [(1 << 3) | 2, 0, (1 << 3) | 2, 5, 0x0A, 1, (byte)'a', 0x10, 7, (1 << 3) | 2, 3, 0x0A, 1, (byte)'a', (4 << 3) | 2, 2, 0x08, 9];
        Assert.That(Format(Maps.Descriptor, entries), Is.EqualTo("""{"numbers":{"":0,"a":0},"messages":{"9":{}}}"""));
        AssertLikeOracle(Maps.Parser.ParseFrom(entries));
    }

    [Test]
    public void L2_texts_of_hosts_cannot_control_a_terminal() =>
        Assert.That(
            Format(new Scalars { StringValue = "\u001B[2J\u009B1m\u0007" }),
            Does.Not.Contain("\u001B").And.Not.Contain("\u009B").And.Not.Contain("\u0007")
        );

    [TestCase("08", "ends in the middle")]
    [TestCase("0A05AA", "ends in the middle")]
    [TestCase("08FFFFFFFFFFFFFFFFFFFF01", "more than ten bytes")]
    [TestCase("0C", "wire type")]
    [TestCase("0F", "wire type")]
    [TestCase("00", "without a number")]
    [TestCase("0BEA", "ends in the middle")]
    public void L2_bytes_that_are_no_message_have_no_json(string hex, string reason) =>
        Assert.That(() => Format(Scalars.Descriptor, Convert.FromHexString(hex)), Throws.TypeOf<MappingException>().With.Message.Contains(reason));

    [Test]
    public void L2_values_without_json_are_errors()
    {
        Assert.That(() => Format(new Timestamp { Seconds = long.MaxValue }), Throws.TypeOf<MappingException>());
        Assert.That(() => Format(new Duration { Seconds = 1, Nanos = -1 }), Throws.TypeOf<MappingException>());
        Assert.That(() => Format(new FieldMask { Paths = { "a_1" } }), Throws.TypeOf<MappingException>());
        Assert.That(() => Format(Value.ForNumber(double.NaN)), Throws.TypeOf<MappingException>());
        Assert.That(
            () => Format(new Any { TypeUrl = "type.googleapis.com/un.known" }),
            Throws.TypeOf<MappingException>().With.Message.Contains("un.known")
        );
    }

    [Test]
    public void L2_messages_inside_each_other_have_a_limit()
    {
        var tree = new Tree();
        for (int depth = 0; depth < 200; depth++)
        {
            tree = new Tree { Next = tree };
        }

        Assert.That(() => Format(tree), Throws.TypeOf<MappingException>().With.Message.Contains("inside each other"));
    }

    private static void AssertLikeOracle(IMessage message)
    {
        string expected = Oracle.Format(message);
        string actual = Format(message);
        using JsonDocument expectedDocument = JsonDocument.Parse(expected, new JsonDocumentOptions { MaxDepth = 1000 });
        using JsonDocument actualDocument = JsonDocument.Parse(actual, new JsonDocumentOptions { MaxDepth = 1000 });
        AssertEqual(actualDocument.RootElement, expectedDocument.RootElement, "$");
    }

    /// <summary>Compares JSON, and names the place of a difference.</summary>
    private static void AssertEqual(JsonElement actual, JsonElement expected, string place)
    {
        if (actual.ValueKind == JsonValueKind.Object && expected.ValueKind == JsonValueKind.Object)
        {
            Assert.That(
                actual.EnumerateObject().Select(static property => property.Name),
                Is.EquivalentTo(expected.EnumerateObject().Select(static property => property.Name)),
                place
            );
            foreach (JsonProperty property in actual.EnumerateObject())
            {
                AssertEqual(property.Value, expected.GetProperty(property.Name), $"{place}.{property.Name}");
            }
        }
        else
        {
            Assert.That(JsonElement.DeepEquals(actual, expected), Is.True, () => $"{place}: {actual.GetRawText()} instead of {expected.GetRawText()}");
        }
    }

    private static string Format(IMessage message) => Format(message.Descriptor, message.ToByteArray());

    private static string Format(MessageDescriptor type, byte[] bytes) =>
        JsonText.Of(isIndented: false, writer => ToolTypes.Formatter.Write(writer, ToolTypes.TypeOf(type), bytes));
}
