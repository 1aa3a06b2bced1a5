using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using NUnit.Framework;
using Signals.Analyzers.Analyzers;
using Signals.Analyzers.CodeFixes;
using Signals.Ipc;

namespace Signals.Tests.Analyzers.Support;

/// <summary>A user's project of one file, with all analyzers and code fixes.</summary>
/// <remarks>
/// In code of a test, <c>[|…|]</c> marks each place that is reported. A file is a program of top-level statements, followed by types.
/// </remarks>
internal static class UserProject
{
    internal const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using Signals;

        """;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp14);

    internal static ImmutableArray<DiagnosticAnalyzer> AllAnalyzers { get; } =
    [
        .. typeof(SignalAnalyzer)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(SignalAnalyzer)))
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    private static ImmutableArray<CodeFixProvider> AllFixes { get; } =
    [
        .. typeof(AsyncSlotFix)
            .Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(CodeFixProvider)))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    private static readonly Lazy<PortableExecutableReference[]> References = new(() =>
        [
            .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
                .Split(Path.PathSeparator)
                .Append(typeof(Signal).Assembly.Location)
                .Append(typeof(IpcClient).Assembly.Location)
                .DistinctBy(Path.GetFileName)
                .Select(path => MetadataReference.CreateFromFile(path)),
        ]
    );

    /// <summary>Asserts that a rule, and no other one, reports exactly the marked places of code that compiles.</summary>
    internal static async Task ExpectAsync(string id, string marked)
    {
        (string code, List<string> expected) = Unmark(Usings + marked);
        Diagnostic[] found = await FindAsync(CreateCompilation(code));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(found.Select(diagnostic => diagnostic.Id).Distinct(), Is.EqualTo(expected.Count == 0 ? [] : new[] { id }));
            Assert.That(
                found.Where(diagnostic => diagnostic.Id == id).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).Select(TextOf),
                Is.EqualTo(expected)
            );
        }
    }

    /// <summary>Returns the messages of a rule.</summary>
    internal static async Task<string[]> MessagesAsync(string id, string code) =>
        [.. (await FindAsync(CreateCompilation(Usings + code))).Where(found => found.Id == id).Select(found => found.GetMessage(null))];

    /// <summary>Asserts that the only fix of the only place that a rule reports gives other code, and that it compiles without a report.</summary>
    internal static async Task ExpectFixAsync(string id, string before, string after, string usings = Usings)
    {
        (Document document, CodeAction[] actions) = await FixesAsync(id, usings + before);
        Assert.That(actions, Has.Length.EqualTo(1), "The rule has no fix here, or several.");
        string text = await ApplyAsync(document, actions[0]);
        Assert.That(text.ReplaceLineEndings("\n"), Is.EqualTo((usings + after).ReplaceLineEndings("\n")));
        Assert.That((await FindAsync(CreateCompilation(text))).Where(found => found.Id == id), Is.Empty);
    }

    /// <summary>Asserts that a rule reports a place but offers no fix.</summary>
    internal static async Task ExpectNoFixAsync(string id, string code)
    {
        (_, CodeAction[] actions) = await FixesAsync(id, Usings + code);
        Assert.That(actions, Is.Empty);
    }

    internal static CSharpCompilation CreateCompilation(string code, bool isChecked = true, string path = "Program.cs")
    {
        SyntaxTree tree = CSharpSyntaxTree.ParseText(code, ParseOptions, path);
        bool isProgram = tree.GetRoot().ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Project",
            [tree],
            References.Value,
            new CSharpCompilationOptions(
                isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
                nullableContextOptions: NullableContextOptions.Enable
            )
        );
        if (isChecked)
        {
            Assert.That(
                compilation.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error),
                Is.Empty,
                "The code of the test must compile."
            );
        }

        return compilation;
    }

    /// <summary>Runs all analyzers. An exception of an analyzer is thrown.</summary>
    internal static async Task<Diagnostic[]> FindAsync(CSharpCompilation compilation)
    {
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]),
            onAnalyzerException: null,
            concurrentAnalysis: true,
            logAnalyzerExecutionTime: false
        );
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(AllAnalyzers, options).GetAnalyzerDiagnosticsAsync();
        Assert.That(found.Where(diagnostic => diagnostic.Id.StartsWith("AD", StringComparison.Ordinal)), Is.Empty, "An analyzer threw.");
        return [.. found];
    }

    private static async Task<(Document Document, CodeAction[] Actions)> FixesAsync(string id, string code)
    {
        CSharpCompilation compilation = CreateCompilation(code);
        using var workspace = new AdhocWorkspace();
        Document document = workspace
            .AddProject(
                ProjectInfo.Create(
                    ProjectId.CreateNewId(),
                    VersionStamp.Default,
                    "Project",
                    "Project",
                    LanguageNames.CSharp,
                    compilationOptions: compilation.Options,
                    parseOptions: ParseOptions,
                    metadataReferences: References.Value
                )
            )
            .AddDocument("Program.cs", code);
        Diagnostic[] found = await FindAsync((CSharpCompilation)(await document.Project.GetCompilationAsync())!);
        Diagnostic diagnostic = found.Single(diagnostic => diagnostic.Id == id);
        var actions = new List<CodeAction>();
        foreach (CodeFixProvider fix in AllFixes.Where(fix => fix.FixableDiagnosticIds.Contains(id)))
        {
            await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
        }

        return (document, [.. actions]);
    }

    /// <summary>Applies a fix as an editor does: with simplified names, and formatted.</summary>
    private static async Task<string> ApplyAsync(Document document, CodeAction action)
    {
        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(CancellationToken.None);
        Document changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution.GetDocument(document.Id)!;
        changed = await Simplifier.ReduceAsync(changed, Simplifier.Annotation);
        changed = await Formatter.FormatAsync(changed, Formatter.Annotation);
        return (await changed.GetTextAsync()).ToString();
    }

    private static (string Code, List<string> Marked) Unmark(string marked)
    {
        string[] parts = marked.Split("[|");
        var code = new System.Text.StringBuilder(parts[0]);
        var places = new List<string>();
        foreach (string part in parts.Skip(1))
        {
            int end = part.IndexOf("|]", StringComparison.Ordinal);
            code.Append(part, 0, end);
            places.Add($"{code.ToString().Count(c => c == '\n') + 1}: {part[..end]}");
            code.Append(part, end + 2, part.Length - end - 2);
        }

        return (code.ToString(), places);
    }

    private static string TextOf(Diagnostic diagnostic)
    {
        Location location = diagnostic.Location;
        return $"{location.GetLineSpan().EndLinePosition.Line + 1}: {location.SourceTree!.GetText().ToString(location.SourceSpan)}";
    }
}
