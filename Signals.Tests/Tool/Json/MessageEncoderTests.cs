using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Tests.Tool.Protos;
using Signals.Tests.Tool.Support;
using Signals.Tool.Json;

namespace Signals.Tests.Tool.Json;

/// <summary>Messages that are encoded from JSON are those that Google.Protobuf's own parser makes of it.</summary>
public sealed class MessageEncoderTests
{
    private static readonly JsonFormatter OracleFormatter = new(new JsonFormatter.Settings(formatDefaultValues: false, ToolTypes.Registry));
    private static readonly JsonFormatter Verbose = new(new JsonFormatter.Settings(formatDefaultValues: true, ToolTypes.Registry));
    private static readonly JsonParser Oracle = new(new JsonParser.Settings(recursionLimit: 90, ToolTypes.Registry));

    [TestCase(4)]
    [TestCase(5)]
    [TestCase(6)]
    public void L2_random_messages_survive_their_json(int seed)
    {
        var random = new RandomMessages(seed);
        for (int count = 0; count < 500; count++)
        {
            Everything message = random.Next();
            string json = (count % 2 == 0 ? OracleFormatter : Verbose).Format(message);
            Assert.That(Everything.Parser.ParseFrom(Encode(Everything.Descriptor, json)), Is.EqualTo(Oracle.Parse<Everything>(json)), json);
        }
    }

    [TestCase("""{"int32Value":1,"int64_value":2,"uint64Value":"18446744073709551615"}""")]
    [TestCase("""{"int32Value":"-7","sint32Value":1e3,"sint64Value":"-9223372036854775808","fixed32Value":4294967295,"sfixed64Value":1.0}""")]
    [TestCase("""{"doubleValue":"NaN","floatValue":"-Infinity"}""")]
    [TestCase("""{"doubleValue":"1.5","floatValue":1e-3}""")]
    [TestCase("""{"boolValue":true,"stringValue":"\u00e4\ud83d\ude00","bytesValue":"+/8="}""")]
    [TestCase("""{"colorValue":"DEEP_BLUE"}""")]
    [TestCase("""{"colorValue":77}""")]
    [TestCase("""{"int32Value":null,"stringValue":null,"colorValue":null}""")]
    [TestCase("{}")]
    public void L2_scalars_are_accepted_as_the_mapping_says(string json) => AssertLikeOracle<Scalars>(json);

    [TestCase("""{"int32s":[1,"2",3e0],"doubles":[],"unpacked":[1,2],"strings":["",""],"messages":[{},{"int32Value":1}],"colors":["RED",2]}""")]
    [TestCase("""{"bools":null}""")]
    public void L2_lists_are_accepted(string json) => AssertLikeOracle<Lists>(json);

    [TestCase("""{"numbers":{"a":1,"":2},"texts":{"-1":"x"},"flags":{"true":false},"messages":{"5":{}},"doubles":{"18446744073709551615":"NaN"}}""")]
    [TestCase("""{"byteStrings":{"0":"AA=="},"colors":{"1":"RED"},"longs":{"-1":"-1"},"durations":{"a":"1s"}}""")]
    public void L2_maps_are_accepted(string json) => AssertLikeOracle<Maps>(json);

    [TestCase("""{"text":"a","left":"b"}""")]
    [TestCase("""{"message":{}}""")]
    public void L2_oneofs_are_accepted(string json) => AssertLikeOracle<Choices>(json);

    [TestCase("""{"time":"1970-01-01T00:00:00Z","duration":"-1.5s","mask":"fooBar,baz.quxQuux"}""")]
    [TestCase("""{"time":"0001-01-01T00:00:00Z","duration":"0s","mask":""}""")]
    [TestCase("""{"time":"9999-12-31T23:59:59.999999999Z","duration":"315576000000.999999999s"}""")]
    [TestCase("""{"time":"2026-02-28T23:59:59.5-08:00","duration":"-0.000000001s"}""")]
    [TestCase("""{"structure":{"a":null,"b":[1,true,"x",{}]},"value":null,"list":[null,[],{}]}""")]
    [TestCase("""{"value":1.5,"values":[null,false,"t",{"k":1}]}""")]
    [TestCase("""{"doubleWrapper":0,"int64Wrapper":"5","boolWrapper":false,"bytesWrapper":"","stringWrapper":null}""")]
    [TestCase("""{"any":{"@type":"type.googleapis.com/tool.cases.Scalars","int32Value":1}}""")]
    [TestCase("""{"any":{"int32Value":1,"@type":"type.googleapis.com/tool.cases.Scalars"}}""")]
    [TestCase("""{"any":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"1s"},"empty":{}}""")]
    [TestCase("""{"any":{"@type":"type.googleapis.com/google.protobuf.Empty","value":{}}}""")]
    public void L2_well_known_types_are_accepted(string json) => AssertLikeOracle<WellKnown>(json);

    [TestCase("""{"plain":0,"mode":"SLOW","part":{"name":"x","inner":{"depth":-5}},"item":[{"number":"1"},{}],"packed":[1],"unpacked":[2,3]}""")]
    public void L2_groups_of_proto2_are_accepted(string json) => AssertLikeOracle<Legacy>(json);

    [Test]
    public void L2_null_is_no_value_of_a_oneof() =>
        Assert.That(Choices.Parser.ParseFrom(Encode(Choices.Descriptor, """{"text":null,"number":0}""")), Is.EqualTo(new Choices { Number = 0 }));

    [Test]
    public void L2_base64_of_urls_and_without_padding_is_accepted() =>
        Assert.That(
            Scalars.Parser.ParseFrom(Encode(Scalars.Descriptor, """{"bytesValue":"-_8"}""")).BytesValue,
            Is.EqualTo(ByteString.CopyFrom(0xFB, 0xFF))
        );

    [Test]
    public void L2_default_values_take_no_bytes_unless_the_field_has_presence()
    {
        Assert.That(
            Encode(Scalars.Descriptor, """{"int32Value":0,"stringValue":"","boolValue":false,"doubleValue":0,"colorValue":"COLOR_NONE"}"""),
            Is.Empty
        );
        Assert.That(Encode(Optionals.Descriptor, """{"int32Value":0}"""), Is.Not.Empty);
    }

    [TestCase("""{"unknown":1}""", "no field unknown")]
    [TestCase("""[]""", "an object")]
    [TestCase("""{"int32Value":1.5}""", "int32Value")]
    [TestCase("""{"int32Value":2147483648}""", "int32Value")]
    [TestCase("""{"int32Value":true}""", "int32Value")]
    [TestCase("""{"int32Value":" 1"}""", "int32Value")]
    [TestCase("""{"int32Value":"+1"}""", "int32Value")]
    [TestCase("""{"int32Value":""}""", "int32Value")]
    [TestCase("""{"uint32Value":-1}""", "uint32Value")]
    [TestCase("""{"uint64Value":"18446744073709551616"}""", "uint64Value")]
    [TestCase("""{"floatValue":1e40}""", "floatValue")]
    [TestCase("""{"doubleValue":1e400}""", "doubleValue")]
    [TestCase("""{"doubleValue":"Inf"}""", "doubleValue")]
    [TestCase("""{"boolValue":"true"}""", "boolValue")]
    [TestCase("""{"stringValue":1}""", "stringValue")]
    [TestCase("""{"stringValue":"\ud800"}""", "surrogate")]
    [TestCase("""{"bytesValue":"!"}""", "base64")]
    [TestCase("""{"colorValue":"PINK"}""", "colorValue")]
    [TestCase("""{"int32Value":1,"int32_value":1}""", "twice")]
    [TestCase("""{"int32Value":1,}""", "not JSON")]
    public void L2_json_that_does_not_fit_is_refused_with_its_place(string json, string reason) => AssertRefused(Scalars.Descriptor, json, reason);

    [TestCase("""{"int32s":1}""", "int32s")]
    [TestCase("""{"int32s":[1,null]}""", "int32s[1]")]
    [TestCase("""{"messages":[{},{"int32Value":"x"}]}""", "messages[1].int32Value")]
    public void L2_lists_that_do_not_fit_are_refused(string json, string reason) => AssertRefused(Lists.Descriptor, json, reason);

    [TestCase("""{"flags":{"yes":true}}""", "true or false")]
    [TestCase("""{"texts":{"x":"a"}}""", "texts")]
    [TestCase("""{"numbers":{"a":null}}""", "numbers")]
    [TestCase("""{"numbers":[]}""", "numbers")]
    public void L2_maps_that_do_not_fit_are_refused(string json, string reason) => AssertRefused(Maps.Descriptor, json, reason);

    [Test]
    public void L2_two_values_of_a_oneof_are_refused() =>
        AssertRefused(Choices.Descriptor, """{"text":"a","number":1}""", "only one of the fields of choice");

    [TestCase("""{"time":"1970-01-01"}""", "time")]
    [TestCase("""{"time":"2026-02-30T00:00:00Z"}""", "time")]
    [TestCase("""{"time":"0001-01-01T00:00:00+01:00"}""", "years 1 to 9999")]
    [TestCase("""{"time":"1970-01-01T00:00:00.1234567890Z"}""", "time")]
    [TestCase("""{"duration":"1"}""", "duration")]
    [TestCase("""{"duration":"315576000001s"}""", "duration")]
    [TestCase("""{"mask":"foo_bar"}""", "underscore")]
    [TestCase("""{"any":{"int32Value":1}}""", "@type")]
    [TestCase("""{"any":{"@type":"type.googleapis.com/un.known"}}""", "un.known")]
    [TestCase("""{"any":{"@type":"type.googleapis.com/google.protobuf.Duration"}}""", "value")]
    [TestCase("""{"structure":[]}""", "structure")]
    [TestCase("""{"list":{}}""", "list")]
    [TestCase("""{"int32Wrapper":"x"}""", "int32Wrapper")]
    public void L2_well_known_types_that_do_not_fit_are_refused(string json, string reason) => AssertRefused(WellKnown.Descriptor, json, reason);

    [Test]
    public void L2_json_inside_each_other_has_a_limit() =>
        AssertRefused(Tree.Descriptor, $"{string.Concat(Enumerable.Repeat("{\"next\":", 200))}{{}}{new string('}', 200)}", "JSON");

    private static void AssertLikeOracle<T>(string json)
        where T : class, IMessage<T>, new()
    {
        var actual = new T();
        actual.MergeFrom(Encode(actual.Descriptor, json));
        Assert.That(actual, Is.EqualTo(Oracle.Parse<T>(json)));
    }

    private static void AssertRefused(MessageDescriptor type, string json, string reason) =>
        Assert.That(() => Encode(type, json), Throws.TypeOf<MappingException>().With.Message.Contains(reason));

    private static byte[] Encode(MessageDescriptor type, string json) => ToolTypes.Encoder.Encode(ToolTypes.TypeOf(type), json);
}
