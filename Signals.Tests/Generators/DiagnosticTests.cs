using Microsoft.CodeAnalysis;
using NUnit.Framework;
using Signals.Ipc.Generators.Stubs;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

public sealed class DiagnosticTests
{
    private static readonly string Upload = Protos.Service("Uploads", "rpc Upload(stream Q) returns (R);");

    [Test]
    public void T4_stream_of_requests_is_an_error_at_its_rpc()
    {
        StubRun run = StubProject.Create(Upload).Run();
        AssertOnly(run, Mistakes.RequestStream, DiagnosticSeverity.Error, "Upload(stream");
        Assert.That(run.Code, Is.Empty);
    }

    [Test]
    public void T4_message_with_the_name_of_a_stub_is_an_error_at_the_service([Values("IGreeter", "GreeterProxy", "GreeterBase")] string name)
    {
        StubRun run = StubProject.Create(Protos.Service("Greeter", Protos.Rpc("Call")) + $"message {name} {{}}").Run();
        AssertOnly(run, Mistakes.MessageHasNameOfStub, DiagnosticSeverity.Error, "Greeter {");
        Assert.That(run.Diagnostics.Single().GetMessage(null), Does.Contain(name));
    }

    [Test]
    public void T4_enum_with_the_name_of_a_stub_is_an_error() =>
        AssertOnly(
            StubProject.Create(Protos.Service("Greeter", Protos.Rpc("Call")) + "enum GreeterProxy { NONE = 0; }").Run(),
            Mistakes.MessageHasNameOfStub,
            DiagnosticSeverity.Error,
            "Greeter {"
        );

    [Test]
    public void T4_rpc_that_differs_from_another_by_the_suffix_Async_is_an_error_at_the_longer_name() =>
        AssertOnly(
            StubProject.Create(Protos.Service("Greeter", Protos.Rpc("FooAsync"), Protos.Rpc("Foo"))).Run(),
            Mistakes.MethodsHaveOneName,
            DiagnosticSeverity.Error,
            "FooAsync("
        );

    [Test]
    public void T4_rpcs_that_have_one_name_in_Pascal_case_are_an_error_at_the_second() =>
        AssertOnly(
            StubProject.Create(Protos.Service("Greeter", Protos.Rpc("SayHello"), Protos.Rpc("say_hello"))).Run(),
            Mistakes.MethodsHaveOneName,
            DiagnosticSeverity.Error,
            "say_hello("
        );

    [Test]
    public void T4_services_whose_stubs_have_one_name_are_an_error_at_the_second()
    {
        StubRun run = StubProject.Create(Protos.Service("Foo", Protos.Rpc("Call")) + "\nservice foo { rpc Call(Q) returns (R); }").Run();
        AssertOnly(run, Mistakes.ServicesHaveOneStub, DiagnosticSeverity.Error, "foo {");
        Assert.That(run.Find("Test.FooProxy"), Is.Not.Null, "The first service keeps its stubs.");
    }

    [Test]
    public void T4_services_of_one_name_in_one_namespace_are_an_error_at_the_second()
    {
        var files = new Dictionary<string, string>
        {
            ["a.proto"] = Protos.Service("Greeter", Protos.Rpc("Call")),
            ["b.proto"] = """
                syntax = "proto3";
                package other;
                option csharp_namespace = "Test";
                message S {}
                service Greeter { rpc Call(S) returns (S); }
                """,
        };
        StubRun run = StubProject.Create(files).Run();
        AssertOnly(run, Mistakes.ServicesHaveOneStub, DiagnosticSeverity.Error, "Greeter {");
        Assert.That(run.Diagnostics.Single().Location.GetLineSpan().Path, Does.EndWith("b.proto"));
        Assert.That(run.Problems, Is.Empty);
    }

    [Test]
    public void T4_namespaces_that_differ_by_case_only_have_stubs_in_files_of_different_names()
    {
        var files = new Dictionary<string, string>
        {
            ["test.proto"] = Protos.Service("One", Protos.Rpc("Call")),
            ["folder/test.proto"] = Protos.Service("Two", Protos.Rpc("Call")).Replace("package test;", "package TEST;"),
        };
        StubRun run = StubProject.Create(files).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Result.Exception, Is.Null);
            Assert.That(run.Find("Test.OneProxy"), Is.Not.Null);
            Assert.That(run.Find("TEST.TwoProxy"), Is.Not.Null);
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [Test]
    public void T4_services_whose_stubs_of_different_kinds_have_one_name_are_an_error() =>
        AssertOnly(
            StubProject.Create(Protos.Service("IZ", Protos.Rpc("Call")) + "\nservice ZProxy { rpc Call(Q) returns (R); }").Run(),
            Mistakes.ServicesHaveOneStub,
            DiagnosticSeverity.Error,
            "ZProxy {"
        );

    [Test]
    public void T4_services_of_one_short_name_are_a_warning_at_the_second()
    {
        var files = new Dictionary<string, string>
        {
            ["a.proto"] = Protos.Service("Greeter", Protos.Rpc("Call")),
            ["b.proto"] = Protos.Service("Greeter", Protos.Rpc("Call")).Replace("package test", "package other"),
        };
        StubRun run = StubProject.Create(files).Run();
        AssertOnly(run, Mistakes.ServicesHaveOneName, DiagnosticSeverity.Warning, "Greeter {");
        Assert.Multiple(() =>
        {
            Assert.That(run.Diagnostics.Single().Location.GetLineSpan().Path, Does.EndWith("b.proto"));
            Assert.That(run.Find("Test.GreeterProxy"), Is.Not.Null);
            Assert.That(run.Find("Other.GreeterProxy"), Is.Not.Null);
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [Test]
    public void T4_option_of_an_rpc_without_a_stream_is_an_error_at_its_rpc([Values("signal", "property")] string option)
    {
        string rpc = Protos.OptionRpc("Ticked", option).Replace("stream ", "");
        StubRun run = StubProject.Create(Protos.SignalService("Ticker", rpc, Protos.Rpc("Call"))).Run();
        AssertOnly(run, Mistakes.OptionWithoutStream, DiagnosticSeverity.Error, "Ticked(");
        Assert.That(run.Diagnostics.Single().GetMessage(null), Does.Contain($"signals.{option}"));
        Assert.That(run.Code, Is.Empty);
    }

    [Test]
    public void T4_request_with_fields_of_a_signal_or_a_property_is_an_error_at_its_rpc([Values("signal", "property")] string option)
    {
        string rpc = Protos.OptionRpc("Ticked", option).Replace("(E)", "(Q)");
        StubRun run = StubProject.Create(Protos.SignalService("Ticker", rpc)).Run();
        AssertOnly(run, Mistakes.RequestHasFields, DiagnosticSeverity.Error, "Ticked(");
        Assert.That(run.Diagnostics.Single().GetMessage(null), Does.Contain($"signals.{option}").And.Contain("test.Q"));
    }

    [TestCase("oneof choice { string text = 1; }")]
    [TestCase("map<string, string> texts = 1;")]
    [TestCase("repeated int32 numbers = 1;")]
    public void T4_request_with_fields_of_any_kind_is_an_error(string field)
    {
        string proto = Protos.SignalService("Ticker", Protos.OptionRpc("Ticked", "signal")).Replace("message E {}", $"message E {{ {field} }}");
        AssertOnly(StubProject.Create(proto).Run(), Mistakes.RequestHasFields, DiagnosticSeverity.Error, "Ticked(");
    }

    [TestCase("message E { message Inner { string text = 1; } }")]
    [TestCase("message E { enum Kind { NONE = 0; } reserved 1; }")]
    public void T4_request_with_nested_types_only_is_none(string empty)
    {
        string proto = Protos.SignalService("Ticker", Protos.OptionRpc("Ticked", "signal")).Replace("message E {}", empty);
        StubRun run = StubProject.Create(proto).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Diagnostics, Is.Empty);
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [Test]
    public void T4_rpc_that_is_a_signal_and_a_property_is_an_error()
    {
        string rpc = "rpc Ticked(E) returns (stream R) { option (signals.signal) = true; option (signals.property) = true; }";
        AssertOnly(StubProject.Create(Protos.SignalService("Ticker", rpc)).Run(), Mistakes.SignalAndProperty, DiagnosticSeverity.Error, "Ticked(");
    }

    [Test]
    public void T4_stream_of_requests_with_an_option_is_reported_once()
    {
        string rpc = "rpc Ticked(stream E) returns (stream R) { option (signals.signal) = true; }";
        AssertOnly(StubProject.Create(Protos.SignalService("Ticker", rpc)).Run(), Mistakes.RequestStream, DiagnosticSeverity.Error, "Ticked(");
    }

    [Test]
    public void T4_options_of_a_file_that_gets_no_stubs_are_no_mistakes()
    {
        string rpc = Protos.OptionRpc("Ticked", "signal").Replace("stream ", "");
        StubProject project = StubProject.Create(Protos.SignalService("Ticker", rpc));
        Assert.That(project.WithOptions(ProtoOptions.WithMetadata("GrpcServices", "Both")).Run().Diagnostics, Is.Empty);
    }

    [Test]
    public void T4_mistake_of_one_service_leaves_the_others_alone()
    {
        StubRun run = StubProject.Create(Upload + "\nservice Fine { rpc Call(Q) returns (R); }").Run();
        Assert.That((run.Find("Test.UploadsProxy") is null, run.Find("Test.FineProxy") is null), Is.EqualTo((true, false)));
    }

    [Test]
    public void T4_file_that_gets_no_stubs_has_no_mistakes()
    {
        StubProject project = StubProject.Create(Upload);
        Assert.Multiple(() =>
        {
            Assert.That(project.WithOptions(ProtoOptions.WithMetadata("GrpcServices", "Both")).Run().Diagnostics, Is.Empty);
            Assert.That(project.WithOptions(ProtoOptions.WithMetadata("SignalsStubs", "none")).Run().Diagnostics, Is.Empty);
            Assert.That(project.WithOptions(ProtoOptions.WithProperty("SignalsStubs", "None")).Run().Diagnostics, Is.Empty);
        });
    }

    [Test]
    public void T4_mistake_without_the_text_of_its_file_has_no_position() =>
        Assert.That(StubProject.Create(Upload).WithoutProtos().Run().Diagnostics.Single().Location, Is.EqualTo(Location.None));

    [Test]
    public void T4_damaged_descriptor_is_a_warning_and_no_exception()
    {
        StubProject project = StubProject.Create(Protos.Greeter);
        SyntaxTree tree = project.Compilation.SyntaxTrees.Single();
        string damaged = tree.ToString().Replace("string.Concat(\n            \"", "string.Concat(\n            \"!");
        StubRun run = project.WithCompilation(project.Compilation.ReplaceSyntaxTree(tree, StubProject.Parse(damaged, tree.FilePath))).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Result.Exception, Is.Null);
            Assert.That(run.Diagnostics.Select(found => found.Id), Is.EqualTo(new[] { Mistakes.UnreadableDescriptor }));
        });
    }

    [Test]
    public void T4_descriptor_that_is_compiled_twice_causes_no_exception()
    {
        StubProject project = StubProject.Create(Protos.Greeter);
        SyntaxTree tree = project.Compilation.SyntaxTrees.Single();
        StubRun run = project.WithCompilation(project.Compilation.AddSyntaxTrees(StubProject.Parse(tree.ToString(), "again.cs"))).Run();
        Assert.That(run.Result.Exception, Is.Null);
    }

    [Test]
    public void T4_half_a_file_of_protoc_causes_no_exception()
    {
        StubProject project = StubProject.Create(Protos.Greeter);
        SyntaxTree tree = project.Compilation.SyntaxTrees.Single();
        string text = tree.ToString();
        for (int length = 0; length < text.Length; length += 199)
        {
            SyntaxTree half = StubProject.Parse(text[..length], tree.FilePath);
            StubRun run = project.WithCompilation(project.Compilation.ReplaceSyntaxTree(tree, half)).Run();
            Assert.That(run.Result.Exception, Is.Null, $"{length} characters");
        }
    }

    [Test]
    public void T4_every_diagnostic_is_described_on_the_page()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "generated-stubs.md"));
        Assert.That(Mistakes.Ids.Where(id => !page.Contains(id, StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Asserts that there is one diagnostic, and that the specified text begins at its position.</summary>
    private static void AssertOnly(StubRun run, string id, DiagnosticSeverity severity, string text)
    {
        Assert.That(run.Result.Exception, Is.Null);
        Assert.That(run.Diagnostics.Select(found => (found.Id, found.Severity)), Is.EqualTo(new[] { (id, severity) }));
        Location location = run.Diagnostics.Single().Location;
        FileLinePositionSpan lines = location.GetLineSpan();
        int length = text.Split('(', ' ')[0].Length;
        Assert.That(run.TextAt(location), Does.StartWith(text));
        Assert.That((location.SourceSpan.Length, lines.Span.End.Character - lines.Span.Start.Character), Is.EqualTo((length, length)));
    }
}
