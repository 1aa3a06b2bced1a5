using System.Buffers;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;
using Signals.Remote;

namespace Signals.Tests.Remote;

/// <summary>X10: the types.</summary>
public sealed partial class CodecTests
{
    private enum Small : sbyte
    {
        Low = sbyte.MinValue,
        High = sbyte.MaxValue,
    }

    private enum Large : ulong
    {
        High = ulong.MaxValue,
    }

    private static IEnumerable<TestCaseData> Values =>
        [
            Case(true, "bool", "01"),
            Case(false, "bool", "00"),
            Case(-2, "int32", "FEFFFFFF"),
            Case(uint.MaxValue, "uint32", "FFFFFFFF"),
            Case(long.MinValue, "int64", "0000000000000080"),
            Case(ulong.MaxValue, "uint64", "FFFFFFFFFFFFFFFF"),
            Case(1.5f, "float", "0000C03F"),
            Case(21.5, "double", "0000000000803540"),
            Case(double.NegativeZero, "double", "0000000000000080"),
            Case("h\u00e9", "string", "68C3A9"),
            Case("\ud83d\ude00", "string", "F09F9880"),
            Case("a\ud800b", "string", "61EDA08062"),
            Case("\udc00\ud83d\ude00\ud83d", "string", "EDB080F09F9880EDA0BD"),
            Case("", "string", ""),
            Case(TimeSpan.FromTicks(-1), "timespan", "FFFFFFFFFFFFFFFF"),
            Case(new DateTimeOffset(1, TimeSpan.FromMinutes(-90)), "datetimeoffset", null),
            Case(DateTimeOffset.MaxValue, "datetimeoffset", null),
            Case(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"), "guid", "00112233445566778899AABBCCDDEEFF"),
            Case(DayOfWeek.Friday, "enum:System.DayOfWeek", "0500000000000000"),
            Case((DayOfWeek)(-7), "enum:System.DayOfWeek", "F9FFFFFFFFFFFFFF"),
            Case(Small.Low, "enum:Signals.Tests.Remote.CodecTests.Small", "80FFFFFFFFFFFFFF"),
            Case(Large.High, "enum:Signals.Tests.Remote.CodecTests.Large", "FFFFFFFFFFFFFFFF"),
            Case(new StringValue { Value = "x" }, "proto:google.protobuf.StringValue", "0A0178"),
        ];

    [TestCaseSource(nameof(Values))]
    public void X10_every_value_arrives_exactly_as_it_was(object roundTrip, string typeName, string? bytes)
    {
        (string name, string encoded, bool isEqual) = ((Func<(string, string, bool)>)roundTrip)();
        Assert.Multiple(() =>
        {
            Assert.That(name, Is.EqualTo(typeName));
            Assert.That(isEqual);
            Assert.That(encoded, Is.EqualTo(bytes ?? encoded));
        });
    }

    [Test]
    public void X10_bytes_that_are_no_value_are_refused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => BuiltInCodec.Of<int>().Decode(new byte[3]), Throws.InstanceOf<FormatException>());
            Assert.That(() => BuiltInCodec.Of<bool>().Decode([2]), Throws.InstanceOf<FormatException>());
            Assert.That(() => BuiltInCodec.Of<string>().Decode([0xFF]), Throws.InstanceOf<FormatException>());
            Assert.That(() => BuiltInCodec.Of<Small>().Decode([1, 1, 0, 0, 0, 0, 0, 0]), Throws.InstanceOf<FormatException>());
            Assert.That(() => BuiltInCodec.Of<StringValue>().Decode([0x0A]), Throws.Exception);
            Assert.That(
                () => BuiltInCodec.Of<DateTimeOffset>().Decode(Enumerable.Repeat((byte)0xFF, 10).ToArray()),
                Throws.InstanceOf<ArgumentException>()
            );
        });
    }

    [Test]
    public void X10_json_takes_a_generated_description()
    {
        var codec = new JsonSignalCodec<Reading>("reading", ReadingContext.Default.Reading);
        var buffer = new ArrayBufferWriter<byte>();
        codec.Encode(new Reading("a", 1.5), buffer);
        Assert.That(codec.Decode(buffer.WrittenSpan), Is.EqualTo(new Reading("a", 1.5)));
        Assert.That(() => new JsonSignalCodec<Reading>("", ReadingContext.Default.Reading), Throws.ArgumentException);
    }

    private static TestCaseData Case<T>(T value, string typeName, string? bytes)
    {
        Func<(string, string, bool)> roundTrip = () =>
        {
            ISignalCodec<T> codec = BuiltInCodec.Of<T>();
            var buffer = new ArrayBufferWriter<byte>();
            codec.Encode(value, buffer);
            T decoded = codec.Decode(buffer.WrittenSpan);
            bool isEqual =
                EqualityComparer<T>.Default.Equals(decoded, value)
                && (value is not DateTimeOffset time || (decoded is DateTimeOffset other && time.EqualsExact(other)));
            return (codec.TypeName, Convert.ToHexString(buffer.WrittenSpan), isEqual);
        };
        return new TestCaseData(roundTrip, typeName, bytes).SetArgDisplayNames($"{typeof(T).Name} {bytes}");
    }

    internal sealed record Reading(string Name, double Value);

    [JsonSerializable(typeof(Reading))]
    private sealed partial class ReadingContext : JsonSerializerContext;
}
