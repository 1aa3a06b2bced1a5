using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;
using Signals.Ipc.Generators.Descriptors;

namespace Signals.Tests.Generators;

public sealed class DescriptorReaderTests
{
    private static FileDescriptorProto Example =>
        new()
        {
            Name = "folder/example.proto",
            Package = "some.package",
            MessageType =
            {
                new DescriptorProto
                {
                    Name = "Outer",
                    Field =
                    {
                        new FieldDescriptorProto { Name = "text", Number = 1 },
                    },
                    NestedType =
                    {
                        new DescriptorProto { Name = "Inner", NestedType = { new DescriptorProto { Name = "Innermost" } } },
                    },
                },
                new DescriptorProto { Name = "Plain" },
            },
            EnumType = { new EnumDescriptorProto { Name = "Colour" } },
            Service =
            {
                new ServiceDescriptorProto
                {
                    Name = "Greeter",
                    Method =
                    {
                        new MethodDescriptorProto
                        {
                            Name = "Call",
                            InputType = ".some.package.Outer",
                            OutputType = ".some.package.Plain",
                            Options = new MethodOptions { Deprecated = true },
                        },
                        new MethodDescriptorProto
                        {
                            Name = "both",
                            InputType = ".some.package.Outer.Inner",
                            OutputType = ".other.Message",
                            ClientStreaming = true,
                            ServerStreaming = true,
                        },
                    },
                },
                new ServiceDescriptorProto { Name = "Empty" },
            },
        };

    [Test]
    public void T1_descriptor_is_read_as_protobuf_writes_it()
    {
        FileDescription file = DescriptorReader.Read(Example.ToByteArray());
        Assert.Multiple(() =>
        {
            Assert.That((file.Name, file.Package), Is.EqualTo(("folder/example.proto", "some.package")));
            Assert.That(
                file.Messages,
                Is.EqualTo(
                    new[]
                    {
                        new MessageDescription("some.package.Outer", "Outer"),
                        new MessageDescription("some.package.Outer.Inner", "Outer+Types+Inner"),
                        new MessageDescription("some.package.Outer.Inner.Innermost", "Outer+Types+Inner+Types+Innermost"),
                        new MessageDescription("some.package.Plain", "Plain"),
                    }
                )
            );
            Assert.That(file.Services.Select(service => service.Name), Is.EqualTo(["Greeter", "Empty"]));
            Assert.That(
                file.Services[0].Methods,
                Is.EqualTo(
                    new[]
                    {
                        new MethodDescription("Call", "some.package.Outer", "some.package.Plain", false, false, false, false),
                        new MethodDescription("both", "some.package.Outer.Inner", "other.Message", true, true, false, false),
                    }
                )
            );
        });
    }

    [Test]
    public void T1_equal_descriptors_are_equal_models()
    {
        FileDescription first = DescriptorReader.Read(Example.ToByteArray());
        FileDescription second = DescriptorReader.Read(Example.ToByteArray());
        Assert.That((second, second.GetHashCode()), Is.EqualTo((first, first.GetHashCode())));
    }

    [Test]
    public void T3_options_are_read_without_knowing_their_extensions()
    {
        Assert.Multiple(() =>
        {
            Assert.That(ReadMethod(Options(50500, 1)).IsSignal);
            Assert.That(ReadMethod(Options(50500, 0)).IsSignal, Is.False);
            Assert.That(ReadMethod(Options(50501, 1)).IsProperty);
            Assert.That(ReadMethod(Options(50502, 1)), Is.EqualTo(ReadMethod([])));
        });
    }

    [Test]
    public void T3_option_inside_a_group_of_somebody_else_is_not_read()
    {
        const uint StartGroup = (60000 << 3) | 3;
        const uint EndGroup = (60000 << 3) | 4;
        byte[] options = [.. Varint(StartGroup), .. Options(50500, 1), 0x0a, 0x01, 0xff, .. Varint(EndGroup), .. Options(50501, 1)];
        MethodDescription method = ReadMethod(options);
        Assert.That((method.IsSignal, method.IsProperty), Is.EqualTo((false, true)));
    }

    [Test]
    public void T4_truncated_and_damaged_descriptors_cause_nothing_but_a_format_exception()
    {
        byte[] whole = Example.ToByteArray();
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] damaged = whole[..random.Next(whole.Length + 1)];
            for (int changes = random.Next(4); changes > 0 && damaged.Length > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                DescriptorReader.Read(damaged);
            }
            catch (FormatException)
            {
                // Expected.
            }
        }
    }

    [Test]
    public void T4_messages_that_are_nested_too_deeply_cause_a_format_exception()
    {
        var message = new DescriptorProto { Name = "Deepest" };
        for (int i = 0; i < 200; i++)
        {
            message = new DescriptorProto { Name = "Deep", NestedType = { message } };
        }

        byte[] bytes = new FileDescriptorProto { MessageType = { message } }.ToByteArray();
        Assert.That(() => DescriptorReader.Read(bytes), Throws.TypeOf<FormatException>());
    }

    private static MethodDescription ReadMethod(byte[] options)
    {
        byte[] method = [(4 << 3) | 2, .. Varint((uint)options.Length), .. options];
        byte[] service = [(2 << 3) | 2, .. Varint((uint)method.Length), .. method];
        byte[] file = [(6 << 3) | 2, .. Varint((uint)service.Length), .. service];
        return DescriptorReader.Read(file).Services[0].Methods[0];
    }

    private static byte[] Options(uint field, byte value) => [.. Varint(field << 3), value];

    private static IEnumerable<byte> Varint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
