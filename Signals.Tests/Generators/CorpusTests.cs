using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;
using Signals.Ipc.Generators.Descriptors;
using Signals.Tests.Generators.Support;

namespace Signals.Tests.Generators;

/// <summary>Each folder in Corpus is a project of odd .proto files. All their services are implemented, hosted and called.</summary>
public sealed class CorpusTests
{
    private static string Folder => Repository.PathOf("Signals.Tests", "Generators", "Corpus");

    private static IEnumerable<string> Projects =>
        Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Projects))]
    public void T4_odd_files_make_stubs_without_a_warning(string project)
    {
        StubRun run = Read(project).Run();
        Assert.Multiple(() =>
        {
            Assert.That(run.Result.Exception, Is.Null);
            Assert.That(run.Diagnostics, Is.Empty);
            Assert.That(run.Problems, Is.Empty);
        });
    }

    [TestCaseSource(nameof(Projects))]
    public async Task T4_every_rpc_of_odd_files_is_called_over_a_host_and_a_client(string name)
    {
        StubProject project = Read(name);
        StubRun run = project.Run();
        (INamedTypeSymbol Base, ServiceDescription Service)[] services = [.. ServicesOf(project, run.Output)];
        Assert.That(services, Is.Not.Empty);
        CSharpCompilation program = run.Output.AddSyntaxTrees(
            StubProject.Parse(CorpusProgram.Write([.. services.Select(service => service.Base)]), "program.cs")
        );
        MethodInfo main = StubProject.Load(program).GetType(CorpusProgram.TypeName)!.GetMethod(CorpusProgram.MethodName)!;
        string[] expected =
        [
            .. services.SelectMany(service =>
                CorpusProgram.Expect(
                    service
                        .Base.GetMembers()
                        .OfType<IMethodSymbol>()
                        .Where(method => method.IsAbstract)
                        .Zip(
                            service.Service.Methods.Where(rpc => !rpc.IsSignal && !rpc.IsProperty),
                            (method, rpc) => (method.Name, rpc.Name, rpc.HasReplyStream)
                        ),
                    service.Base.GetMembers().OfType<IPropertySymbol>()
                )
            ),
        ];
        using var path = new SocketPath();
        List<string> calls = await ((Task<List<string>>)main.Invoke(null, [path.Endpoint, expected.Length])!).Within("the calls");
        Assert.That(calls, Is.EqualTo(expected));
    }

    private static StubProject Read(string project) =>
        StubProject.Create(
            Directory
                .EnumerateFiles(Path.Combine(Folder, project), "*.proto", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .ToDictionary(file => Path.GetRelativePath(Path.Combine(Folder, project), file).Replace('\\', '/'), File.ReadAllText)
        );

    /// <summary>Returns the base classes with the services that they were made from. protoc's own order of files is that of the trees.</summary>
    private static IEnumerable<(INamedTypeSymbol Base, ServiceDescription Service)> ServicesOf(StubProject project, CSharpCompilation output) =>
        project
            .Compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().Where(ReflectionClassReader.IsCandidate))
            .Select(node => ReflectionClassReader.Read((Microsoft.CodeAnalysis.CSharp.Syntax.ClassDeclarationSyntax)node))
            .OfType<ReflectionClass>()
            .SelectMany(found => found.File!.Services.Select(service => (BaseOf(found, service, output), service)));

    private static INamedTypeSymbol BaseOf(ReflectionClass found, ServiceDescription service, CSharpCompilation output)
    {
        string name = Ipc.Generators.Support.TypeNames.ToPascalCase(service.Name) + "Base";
        return output.Assembly.GetTypeByMetadataName(found.Namespace.Length == 0 ? name : $"{found.Namespace}.{name}")
            ?? throw new InvalidOperationException($"{service.Name} has no base class.");
    }
}
