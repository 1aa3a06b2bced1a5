using System.Collections.Immutable;
using System.Reflection;
using Google.Protobuf;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;
using Signals.Ipc;
using Signals.Ipc.Generators;

namespace Signals.Tests.Generators.Support;

/// <summary>A user's project: the code that protoc generates from .proto files, code of the user, and the generator of stubs.</summary>
internal sealed class StubProject
{
    /// <summary>The folder of the project, which exists in the models of the compiler only.</summary>
    internal const string Folder = "/project/";

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    private static readonly Dictionary<string, ReportDiagnostic> SdkOptions = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
        // Documentation that is missing in code of the user.
        ["CS1591"] = ReportDiagnostic.Suppress,
    };

    private static readonly Lazy<PortableExecutableReference[]> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Append(typeof(Signal).Assembly.Location)
                .Append(typeof(IpcClient).Assembly.Location)
                .Append(typeof(IMessage).Assembly.Location)
                .DistinctBy(Path.GetFileName)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ]
    );

    private StubProject(CSharpCompilation compilation, ImmutableArray<AdditionalText> protos, ProtoOptions options)
    {
        Compilation = compilation;
        Protos = protos;
        Options = options;
    }

    /// <summary>Gets the compilation without what is generated.</summary>
    internal CSharpCompilation Compilation { get; private init; }

    internal ImmutableArray<AdditionalText> Protos { get; private init; }

    internal ProtoOptions Options { get; private init; }

    /// <summary>Creates a project with one .proto file.</summary>
    internal static StubProject Create(string proto) => Create(new Dictionary<string, string> { ["test.proto"] = proto });

    internal static StubProject Create(IReadOnlyDictionary<string, string> protos, bool isInternal = false) =>
        new(
            CSharpCompilation.Create(
                $"Project-{Guid.NewGuid():N}",
                Protoc.Run(protos, isInternal).Select(file => Parse(file.Value, file.Key)),
                References.Value,
                new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    nullableContextOptions: NullableContextOptions.Enable,
                    specificDiagnosticOptions: SdkOptions
                )
            ),
            [.. protos.Select(file => new ProtoText(Folder + file.Key, file.Value))],
            ProtoOptions.Default
        );

    internal StubProject WithCode(string code) =>
        new(
            Compilation.AddSyntaxTrees(
                Parse("using System; using System.Collections.Generic; using System.Threading; using System.Threading.Tasks;\n" + code, "user.cs")
            ),
            Protos,
            Options
        );

    internal StubProject WithOptions(ProtoOptions options) => new(Compilation, Protos, options);

    internal StubProject WithoutProtos() => new(Compilation, [], Options);

    internal StubProject WithCompilation(CSharpCompilation compilation) => new(compilation, Protos, Options);

    /// <summary>Compiles the project and returns one that refers to it and has other files.</summary>
    internal StubProject ReferencedBy(StubProject user)
    {
        using var stream = new MemoryStream();
        Assert.That(Run().Output.Emit(stream).Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error), Is.Empty);
        return user.WithCompilation(user.Compilation.AddReferences(MetadataReference.CreateFromImage(stream.ToArray())));
    }

    internal GeneratorDriver CreateDriver() =>
        CSharpGeneratorDriver.Create(
            [new StubGenerator().AsSourceGenerator()],
            Protos,
            ParseOptions,
            Options,
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)
        );

    /// <summary>Runs the generator.</summary>
    internal StubRun Run()
    {
        GeneratorDriver driver = CreateDriver().RunGeneratorsAndUpdateCompilation(Compilation, out Compilation output, out _);
        return new StubRun(driver.GetRunResult().Results.Single(), Protos, (CSharpCompilation)output);
    }

    internal static SyntaxTree Parse(string code, string path) => CSharpSyntaxTree.ParseText(code, ParseOptions, path);

    /// <summary>Loads what was compiled.</summary>
    internal static Assembly Load(CSharpCompilation compilation)
    {
        using var stream = new MemoryStream();
        Assert.That(compilation.Emit(stream).Diagnostics.Where(found => found.Severity >= DiagnosticSeverity.Warning), Is.Empty);
        return Assembly.Load(stream.ToArray());
    }
}
