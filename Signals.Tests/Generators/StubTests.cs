using System.Reflection;
using Microsoft.CodeAnalysis;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Generators.Stubs;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

public sealed class StubTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    [Test]
    public void T1_files_of_grpc_get_no_stubs([Values("Both", "Client", "Server")] string services) =>
        Assert.That(StubProject.Create(Protos.Greeter).WithOptions(ProtoOptions.WithMetadata("GrpcServices", services)).Run().Code, Is.Empty);

    [Test]
    public void T1_setting_of_a_file_switches_its_stubs_off() =>
        Assert.That(StubProject.Create(Protos.Greeter).WithOptions(ProtoOptions.WithMetadata("SignalsStubs", "None")).Run().Code, Is.Empty);

    [Test]
    public void T1_setting_of_the_project_switches_all_stubs_off() =>
        Assert.That(StubProject.Create(Protos.Greeter).WithOptions(ProtoOptions.WithProperty("SignalsStubs", "None")).Run().Code, Is.Empty);

    [Test]
    public void T1_code_of_protoc_without_its_proto_file_gets_stubs_without_comments()
    {
        StubRun run = StubProject.Create(Protos.Greeter).WithoutProtos().Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Find("Greeter.GreeterProxy"), Is.Not.Null);
            Assert.That(run.Code, Does.Not.Contain("Politely"));
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [Test]
    public void T1_code_of_grpc_without_its_proto_file_gets_no_stubs() =>
        Assert.That(
            StubProject
                .Create(Protos.Greeter)
                .WithoutProtos()
                .WithCode("namespace Greeter { public static class Greeter { public abstract class GreeterBase { } } }")
                .Run()
                .Code,
            Is.Empty
        );

    [Test]
    public void T1_project_without_the_library_gets_no_stubs()
    {
        StubProject project = StubProject.Create(Protos.Greeter);
        IEnumerable<MetadataReference> others = project.Compilation.References.Where(reference => !reference.Display!.Contains("Signals.Ipc.dll"));
        StubRun run = project.WithCompilation(project.Compilation.WithReferences(others)).Run();
        Assert.That((run.Code, run.Diagnostics.Count()), Is.EqualTo(("", 0)));
    }

    [Test]
    public void T1_internal_messages_get_internal_stubs()
    {
        StubRun run = StubProject.Create(new Dictionary<string, string> { ["test.proto"] = Protos.Greeter }, isInternal: true).Run();
        string[] stubs = ["Greeter.IGreeter", "Greeter.GreeterProxy", "Greeter.GreeterBase"];
        Assert.That(stubs.Select(name => run.Find(name)!.DeclaredAccessibility), Is.All.EqualTo(Accessibility.Internal));
    }

    [Test]
    public void T2_interface_has_the_calls_of_the_proxy()
    {
        StubRun run = StubProject.Create(Protos.Greeter).Run();
        string[] expected = ["SayHelloAsync", "SendSayHelloAsync", "WaveGoodbyeAsync", "SendWaveGoodbyeAsync", "WatchGreetingsAsync"];
        Assert.Multiple(() =>
        {
            Assert.That(run.MethodsOf("Greeter.IGreeter"), Is.EqualTo(expected));
            Assert.That(run.MethodsOf("Greeter.GreeterProxy"), Is.EqualTo(expected));
            Assert.That(run.MethodsOf("Greeter.GreeterBase"), Is.EqualTo(["SayHello", "WaveGoodbye", "WatchGreetings"]));
        });
    }

    [Test]
    public void T2_forgotten_method_does_not_compile() =>
        Assert.That(
            StubProject.Create(Protos.Greeter).WithCode("class Forgetful : Greeter.GreeterBase { }").Run().Problems,
            Has.Exactly(3).Contains("CS0534")
        );

    [Test]
    public void T2_comments_become_documentation_without_markup()
    {
        StubRun run = StubProject.Create(Protos.Greeter).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Find("Greeter.GreeterProxy")!.GetDocumentationCommentXml(), Does.Contain("Politely &amp; in &lt;several&gt; languages."));
            Assert.That(
                run.Find("Greeter.IGreeter")!.GetMembers("SayHelloAsync").Single().GetDocumentationCommentXml(),
                Does.Contain("<summary>Says hello.</summary>")
            );
            Assert.That(run.Code, Does.Not.Contain("Not a comment"));
        });
    }

    [Test]
    public void T2_class_of_the_user_that_is_not_partial_wins([Values("interface IGreeter", "class GreeterProxy", "class GreeterBase")] string declaration)
    {
        StubRun run = StubProject.Create(Protos.Greeter).WithCode($"namespace Greeter {{ public {declaration} {{ }} }}").Run();
        string name = declaration.Split(' ')[1];
        Assert.Multiple(() =>
        {
            Assert.That(run.Problems, Is.Empty);
            Assert.That(run.MethodsOf($"Greeter.{name}"), Is.Empty);
            Assert.That(run.Code, Does.Not.Contain($"partial {declaration}"));
        });
    }

    [Test]
    public void T2_partial_class_of_the_user_is_completed_and_keeps_its_modifiers()
    {
        StubRun run = StubProject
            .Create(Protos.Greeter)
            .WithCode(
                """
                namespace Greeter
                {
                    internal sealed partial class GreeterProxy { public int Extra => 1; }
                    internal abstract partial class GreeterBase { public int Extra => 1; }
                    internal partial interface IGreeter { int Extra { get; } }
                }
                """
            )
            .Run();
        string[] stubs = ["Greeter.IGreeter", "Greeter.GreeterProxy", "Greeter.GreeterBase"];
        Assert.Multiple(() =>
        {
            Assert.That(run.Problems, Is.Empty);
            Assert.That(stubs.Select(name => run.Find(name)!.DeclaredAccessibility), Is.All.EqualTo(Accessibility.Internal));
            Assert.That(run.MethodsOf("Greeter.GreeterProxy"), Has.Member("SayHelloAsync"));
        });
    }

    [Test]
    public void T2_members_that_the_user_has_written_are_left_out()
    {
        StubRun run = StubProject
            .Create(Protos.Greeter)
            .WithCode(
                """
                namespace Greeter
                {
                    public partial class GreeterProxy
                    {
                        public GreeterProxy() : base(TestReflection.Descriptor.Services[0]) { }
                        public virtual Task<Reply> SayHelloAsync(Request request, Signals.Ipc.CallOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(new Reply());
                        public Task<Reply> SayHelloAsync(string name) => SayHelloAsync(new Request { Name = name });
                    }

                    public partial class GreeterBase
                    {
                        public ValueTask<Reply> SayHello(Request request, Signals.Ipc.CallContext context) => new(new Reply());
                    }
                }
                """
            )
            .Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Problems, Is.Empty);
            Assert.That(run.MethodsOf("Greeter.GreeterProxy").Count(name => name == "SayHelloAsync"), Is.EqualTo(2));
            Assert.That(run.Find("Greeter.GreeterBase")!.GetMembers("SayHello").Single().IsAbstract, Is.False);
        });
    }

    [Test]
    public void T2_base_class_of_the_user_is_kept() =>
        Assert.That(
            StubProject
                .Create(Protos.Greeter)
                .WithCode(
                    """
                    namespace Greeter
                    {
                        public abstract class MyProxy(Google.Protobuf.Reflection.ServiceDescriptor service) : Signals.Ipc.ServiceProxy(service);
                        public partial class GreeterProxy : MyProxy;
                        public abstract class MyService(Google.Protobuf.Reflection.ServiceDescriptor service) : Signals.Ipc.Service(service);
                        public partial class GreeterBase : MyService;
                    }
                    """
                )
                .Run()
                .Problems,
            Is.Empty
        );

    [Test]
    public void T4_member_with_the_name_of_a_member_of_its_base_class_gets_an_underscore()
    {
        StubRun run = StubProject
            .Create(
                Protos.Service("Odd", Protos.StreamRpc("Descriptor"), Protos.StreamRpc("OddBase"), Protos.StreamRpc("get_type"), Protos.StreamRpc("Call"))
            )
            .Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.MethodsOf("Test.OddBase"), Is.EqualTo(["Descriptor_", "OddBase_", "GetType_", "Call"]));
            Assert.That(run.MethodsOf("Test.OddProxy"), Is.EqualTo(["DescriptorAsync", "OddBaseAsync", "GetTypeAsync", "CallAsync_"]));
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [Test]
    public void T4_one_way_call_with_the_name_of_another_call_gets_an_underscore() =>
        Assert.That(
            StubProject.Create(Protos.Service("Odd", Protos.Rpc("Foo"), Protos.StreamRpc("SendFoo"))).Run().MethodsOf("Test.OddProxy"),
            Is.EqualTo(["FooAsync", "SendFooAsync_", "SendFooAsync"])
        );

    [TestCase(typeof(Service), "OddBase", "")]
    [TestCase(typeof(ServiceProxy), "OddProxy", "Async")]
    public void T4_no_member_of_a_base_class_of_the_library_collides(Type baseType, string stub, string suffix)
    {
        string[] names =
        [
            .. baseType
                .GetMembers(All)
                .Where(member =>
                    (member is PropertyInfo property ? property.GetMethod! : member as MethodInfo) is { IsPublic: true } or { IsFamily: true }
                )
                .Where(member => member is not MethodInfo { IsSpecialName: true })
                .Select(member => member.Name)
                .Distinct()
                .Where(name => name.EndsWith(suffix, StringComparison.Ordinal))
                .Select(name => name[..^suffix.Length]),
        ];
        StubRun run = StubProject.Create(Protos.Service("Odd", [.. names.Select(Protos.StreamRpc)])).Run();
        Assert.That(run.MethodsOf($"Test.{stub}"), Is.EqualTo(names.Select(name => $"{name}{suffix}_")).And.Not.Empty);
    }

    [Test]
    public void T1_messages_of_a_referenced_library_are_found_with_direct_and_public_imports()
    {
        var library = new Dictionary<string, string>
        {
            ["base.proto"] = """syntax = "proto3"; package deep.down; message Base { message Nested {} }""",
            ["middle.proto"] =
                """syntax = "proto3"; package mid; option csharp_namespace = "Quite.Different"; import public "base.proto"; message Base { string text = 1; }""",
        };
        var user = new Dictionary<string, string>(library)
        {
            ["user.proto"] = """
                syntax = "proto3";
                package user;
                import "middle.proto";
                import "google/protobuf/empty.proto";
                service Far {
                  rpc One(mid.Base) returns (deep.down.Base);
                  rpc Two(deep.down.Base.Nested) returns (google.protobuf.Empty);
                }
                """,
        };
        StubProject project = StubProject.Create(user);
        SyntaxTree[] ofLibrary = [.. project.Compilation.SyntaxTrees.Where(tree => !tree.FilePath.Contains("User.cs"))];
        StubProject own = project.WithCompilation(project.Compilation.RemoveSyntaxTrees(ofLibrary));
        StubRun run = StubProject.Create(library).ReferencedBy(own).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Diagnostics, Is.Empty);
            Assert.That(run.Problems, Is.Empty);
            Assert.That(
                run.Code,
                Does.Contain("<global::Quite.Different.Base, global::Deep.Down.Base>")
                    .And.Contain("<global::Deep.Down.Base.Types.Nested, global::Google.Protobuf.WellKnownTypes.Empty>")
            );
        });
    }

    [Test]
    public void T4_message_whose_class_is_missing_is_an_error()
    {
        var files = new Dictionary<string, string>
        {
            ["base.proto"] = """syntax = "proto3"; package far; message Gone {}""",
            ["user.proto"] = """syntax = "proto3"; import "base.proto"; service Far { rpc One(far.Gone) returns (far.Gone); }""",
        };
        StubProject project = StubProject.Create(files);
        SyntaxTree library = project.Compilation.SyntaxTrees.Single(tree => tree.FilePath.Contains("Base.cs"));
        StubRun run = project.WithCompilation(project.Compilation.RemoveSyntaxTrees(library)).Run();
        Assert.That(run.Diagnostics.Select(found => found.Id), Is.All.EqualTo(Mistakes.MessageNotFound).And.Not.Empty);
    }
}
