using NUnit.Framework;
using Signals.Ipc.Generators.Protos;

namespace Signals.Tests.Generators;

public sealed class ProtoOutlineTests
{
    [Test]
    public void T4_names_of_services_and_rpcs_are_found_with_their_positions()
    {
        const string Text = """
            syntax = "proto3"; // service Fake { rpc Fake
            message service { string rpc = 1; message rpc {} }
            /* service Fake { } */
            option (o) = { text: "service Fake { rpc Fake(" nested { rpc: 1 } };
            service Real {
              option deprecated = true;
              rpc One(service) returns (service) { option (o) = { text: "}" }; }
              rpc
                Two (service) returns (stream service);
            }
            service Other{rpc Three(service)returns(service);}
            """;
        ProtoName[] names = [.. ProtoOutline.Read(Text)];
        Assert.Multiple(() =>
        {
            Assert.That(names.Select(name => $"{name.Service}.{name.Method}"), Is.EqualTo(["Real.", "Real.One", "Real.Two", "Other.", "Other.Three"]));
            Assert.That(names.Select(name => Text.Substring(name.Span.Start, name.Span.Length)), Is.EqualTo(["Real", "One", "Two", "Other", "Three"]));
        });
    }

    [TestCase("// One.\nservice A {", "One.")]
    [TestCase("// One.\n//\n//   Two.\nservice A {", "One.\n\n  Two.")]
    [TestCase("// Detached.\n\n// One.\nservice A {", "One.")]
    [TestCase("// Detached.\n\nservice A {", "")]
    [TestCase("/* One. */ service A {", "One.")]
    [TestCase("/**\n * One.\n * Two.\n */\nservice A {", "One.\nTwo.")]
    [TestCase("import \"a\"; // Behind.\nservice A {", "")]
    [TestCase("import \"a\"; // Behind.\n// One.\nservice A {", "One.")]
    [TestCase("/// One.\r\n// Two.\r\nservice A {", "One.\nTwo.")]
    [TestCase("// One.\u2028Two.\nservice A {", "One.\nTwo.")]
    public void T2_comment_in_front_of_a_name_belongs_to_it(string text, string expected) =>
        Assert.That(ProtoOutline.Read(text).Single().Comment, Is.EqualTo(expected));

    [Test]
    public void T4_any_text_is_read_without_an_exception()
    {
        string[] pieces = ["service", "rpc", " ", "\n", "{", "}", "//", "/*", "*/", "\"", "'", "\\", ";", "A", "(", "\r", "\0"];
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.That(ProtoOutline.Read(text).Count(), Is.LessThan(30), text);
        }
    }
}
