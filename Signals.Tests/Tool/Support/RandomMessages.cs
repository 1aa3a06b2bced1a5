using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Signals.Tests.Tool.Protos;
using Enum = System.Enum;

namespace Signals.Tests.Tool.Support;

/// <summary>Fills messages at random, by their descriptors. One seed makes the same messages.</summary>
internal sealed class RandomMessages(int seed)
{
    private const int MaxDepth = 4;

    private static readonly double[] OddDoubles =
    [
        0,
        1,
        -1,
        0.1,
        1e300,
        -1e-300,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        double.MaxValue,
    ];
    private static readonly float[] OddFloats =
    [
        0,
        1,
        -1,
        0.1f,
        1e30f,
        float.NaN,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.MaxValue,
        float.Epsilon,
    ];
    private static readonly string[] OddTexts = ["", "text", "ünï¢ødé \U0001F600", "\"quoted\" \\ \n\t\u0001", "</script>", "\u2028", "a,b"];

    private readonly Random _random = new(seed);

    internal Everything Next()
    {
        var message = new Everything();
        Fill(message, 0);
        return message;
    }

    private void Fill(IMessage message, int depth)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (_random.Next(3) == 0 || (depth >= MaxDepth && field.FieldType is FieldType.Message or FieldType.Group))
            {
                continue;
            }

            object value = field.Accessor.GetValue(message);
            if (field.IsMap)
            {
                FieldDescriptor key = field.MessageType.FindFieldByNumber(1);
                FieldDescriptor item = field.MessageType.FindFieldByNumber(2);
                for (int count = _random.Next(3); count > 0; count--)
                {
                    ((IDictionary)value)[Next(key, depth)] = Next(item, depth);
                }
            }
            else if (field.IsRepeated)
            {
                for (int count = _random.Next(4); count > 0; count--)
                {
                    ((IList)value).Add(Next(field, depth));
                }
            }
            else
            {
                field.Accessor.SetValue(message, Next(field, depth));
            }
        }
    }

    private object Next(FieldDescriptor field, int depth) =>
        field.FieldType switch
        {
            FieldType.Double => OddDoubles[_random.Next(OddDoubles.Length)],
            FieldType.Float => OddFloats[_random.Next(OddFloats.Length)],
            FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)NextBits(32),
            FieldType.UInt32 or FieldType.Fixed32 => (uint)NextBits(32),
            FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => NextBits(64),
            FieldType.UInt64 or FieldType.Fixed64 => (ulong)NextBits(64),
            FieldType.Bool => _random.Next(2) == 0,
            FieldType.String => OddTexts[_random.Next(OddTexts.Length)],
            FieldType.Bytes => ByteString.CopyFrom(NextBytes()),
            FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, _random.Next(-4, 5)),
            _ => NextMessage(field.MessageType, depth + 1),
        };

    private object NextMessage(MessageDescriptor type, int depth) =>
        type.FullName switch
        {
            "google.protobuf.Timestamp" => new Timestamp { Seconds = _random.NextInt64(-62_135_596_800, 253_402_300_800), Nanos = NextNanos() },
            "google.protobuf.Duration" => NextDuration(),
            "google.protobuf.FieldMask" => new FieldMask { Paths = { "a", "snake_case.deep_path", "b1" } },
            "google.protobuf.Any" => Any.Pack(NextAny(depth)),
            "google.protobuf.Value" => NextValue(depth),
            "google.protobuf.Struct" => NextStruct(depth),
            "google.protobuf.ListValue" => new ListValue { Values = { NextValue(depth), NextValue(depth) } },
            "google.protobuf.DoubleValue" => OddDoubles[_random.Next(OddDoubles.Length)],
            "google.protobuf.FloatValue" => OddFloats[_random.Next(OddFloats.Length)],
            "google.protobuf.Int64Value" => NextBits(64),
            "google.protobuf.UInt64Value" => (ulong)NextBits(64),
            "google.protobuf.Int32Value" => (int)NextBits(32),
            "google.protobuf.UInt32Value" => (uint)NextBits(32),
            "google.protobuf.BoolValue" => _random.Next(2) == 0,
            "google.protobuf.StringValue" => OddTexts[_random.Next(OddTexts.Length)],
            "google.protobuf.BytesValue" => ByteString.CopyFrom(NextBytes()),
            _ => Filled(type.Parser.ParseFrom(ReadOnlySpan<byte>.Empty.ToArray()), depth),
        };

    private IMessage Filled(IMessage message, int depth)
    {
        Fill(message, depth);
        return message;
    }

    private IMessage NextAny(int depth) =>
        _random.Next(4) switch
        {
            0 => new Timestamp { Seconds = _random.Next() },
            1 => new Struct { Fields = { ["a"] = Value.ForBool(true) } },
            2 => new Empty(),
            _ => Filled(new Scalars(), depth),
        };

    private Duration NextDuration()
    {
        long seconds = _random.NextInt64(-315_576_000_000, 315_576_000_001);
        return new Duration { Seconds = seconds, Nanos = seconds < 0 ? -NextNanos() : NextNanos() };
    }

    private int NextNanos() =>
        _random.Next(4) switch
        {
            0 => 0,
            1 => _random.Next(1000) * 1_000_000,
            2 => _random.Next(1_000_000) * 1000,
            _ => _random.Next(1_000_000_000),
        };

    private Value NextValue(int depth) =>
        _random.Next(depth < MaxDepth ? 6 : 4) switch
        {
            0 => Value.ForNull(),
            1 => Value.ForNumber(_random.Next() / 8.0),
            2 => Value.ForString(OddTexts[_random.Next(OddTexts.Length)]),
            3 => Value.ForBool(_random.Next(2) == 0),
            4 => Value.ForStruct(NextStruct(depth)),
            _ => Value.ForList(NextValue(depth + 1), NextValue(depth + 1)),
        };

    private Struct NextStruct(int depth) =>
        new() { Fields = { ["one"] = NextValue(depth + 1), [OddTexts[_random.Next(1, OddTexts.Length)]] = NextValue(depth + 1) } };

    /// <summary>Returns a number of up to some bits, of which small and negative ones are frequent.</summary>
    private long NextBits(int bits)
    {
        long value = _random.NextInt64() >>> _random.Next(64 - bits, 63);
        return _random.Next(2) == 0 ? value : ~value;
    }

    private byte[] NextBytes()
    {
        byte[] bytes = new byte[_random.Next(5)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
