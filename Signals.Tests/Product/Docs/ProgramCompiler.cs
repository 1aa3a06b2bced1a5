using System.Reactive;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Signals.Hosting;
using Signals.Ipc;
using Signals.Reactive;
using GreeterReflection = Greeter.GreeterReflection;

namespace Signals.Tests.Product.Docs;

/// <summary>
/// Compiles programs as a user's project would: against the public members of the libraries, with nullable references on, warnings as
/// errors, and what <see cref="Preamble"/> and <see cref="GreeterExample"/> declare.
/// </summary>
internal static class ProgramCompiler
{
    /// <summary>The directives that every example may omit: the implicit usings of the SDK and of the libraries.</summary>
    private const string Preamble = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Greeter;
        global using Signals;
        global using Signals.Ipc;
        """;

    /// <summary>The assemblies of this process: the framework, the libraries, the messages of the Greeter sample and the packages of the tests.</summary>
    private static readonly Lazy<PortableExecutableReference[]> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Append(typeof(Signal).Assembly.Location)
                .Append(typeof(IpcHostBuilder).Assembly.Location)
                .Append(typeof(IpcClient).Assembly.Location)
                .Append(typeof(EvaluatorScheduler).Assembly.Location)
                .Append(typeof(Unit).Assembly.Location)
                .Append(typeof(GreeterReflection).Assembly.Location)
                .DistinctBy(Path.GetFileName)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ]
    );

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest);

    /// <summary>The options that the SDK passes to the compiler for every project: a package may have been built against an earlier framework.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> SdkOptions = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
    };

    /// <summary>Compiles a program, or declarations without one.</summary>
    /// <param name="code">The code.</param>
    /// <param name="file">The name of the source file in messages.</param>
    /// <param name="firstLine">The line of that file on which the code begins.</param>
    /// <returns>The assembly, or null with the messages.</returns>
    internal static (Assembly? Assembly, string Messages) Compile(string code, string file, int firstLine)
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(SourceText.From(code), ParseOptions, file);
        bool isProgram = tree.GetCompilationUnitRoot().Members.Any(member => member is GlobalStatementSyntax);
        CSharpCompilation compilation = Create(isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary)
            .AddSyntaxTrees(tree, CSharpSyntaxTree.ParseText(Preamble, ParseOptions), CSharpSyntaxTree.ParseText(GreeterExample.Code, ParseOptions));
        using var stream = new MemoryStream();
        string[] messages =
        [
            .. compilation
                .Emit(stream)
                .Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(diagnostic => $"{file}:{LineOf(diagnostic) + firstLine}: {diagnostic.Id}: {diagnostic.GetMessage(null)}"),
        ];
        return messages.Length == 0 ? (Assembly.Load(stream.ToArray()), "") : (null, string.Join('\n', messages));
    }

    /// <summary>A library, as it appears to other assemblies.</summary>
    internal static IAssemblySymbol SymbolsOf(Assembly library)
    {
        CSharpCompilation compilation = Create(OutputKind.DynamicallyLinkedLibrary);
        return compilation.SourceModule.ReferencedAssemblySymbols.Single(assembly => assembly.Name == library.GetName().Name);
    }

    // A name of its own, so that nothing shows the program the internals of the library.
    private static CSharpCompilation Create(OutputKind kind) =>
        CSharpCompilation.Create(
            $"Example-{Guid.NewGuid():N}",
            references: References.Value,
            options: new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable, specificDiagnosticOptions: SdkOptions)
        );

    private static int LineOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line;
}
