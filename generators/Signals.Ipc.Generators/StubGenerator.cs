using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Signals.Ipc.Generators.Descriptors;
using Signals.Ipc.Generators.Protos;
using Signals.Ipc.Generators.Stubs;

namespace Signals.Ipc.Generators;

/// <summary>
/// Generates a proxy, an interface and a base class for each service in the code that protoc generates for the messages. The descriptor of the
/// .proto file is a literal in that code.
/// </summary>
/// <remarks>Each step returns a model that can be compared, so that an edit repeats only the steps whose input it changes.</remarks>
[Generator(LanguageNames.CSharp)]
public sealed class StubGenerator : IIncrementalGenerator
{
    /// <summary>Name of the step that reads the classes with descriptors.</summary>
    internal const string ClassesStep = "Classes";

    /// <summary>Name of the step that looks up messages and the user's classes in the compilation.</summary>
    internal const string StubsStep = "Stubs";

    /// <summary>Name of the step before a file is written.</summary>
    internal const string FilesStep = "Files";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ReflectionClass> classes = context
            .SyntaxProvider.CreateSyntaxProvider(
                static (node, _) => ReflectionClassReader.IsCandidate(node),
                static (found, _) => ReflectionClassReader.Read((ClassDeclarationSyntax)found.Node)
            )
            .Where(static found => found is not null)
            .Select(static (found, _) => found!)
            .WithTrackingName(ClassesStep);
        IncrementalValueProvider<MessageTable> messages = classes.Collect().Select(static (all, _) => new MessageTable(all));
        IncrementalValueProvider<ProtoProject> project = context
            .AdditionalTextsProvider.Where(ProtoFile.IsProto)
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, cancellationToken) => ProtoFile.Read(pair.Left, pair.Right, cancellationToken))
            .Collect()
            .Combine(context.AnalyzerConfigOptionsProvider)
            .Select(static (pair, _) => ProtoProject.Read(pair.Left, pair.Right));

        IncrementalValuesProvider<StubFile> stubs = classes
            .Where(static found => found.File is not { Services.Count: 0 })
            .Combine(messages)
            .Combine(context.CompilationProvider)
            .Select(static (pair, _) => StubFactory.Create(pair.Left.Left, pair.Left.Right, pair.Right))
            .WithTrackingName(StubsStep)
            .Combine(project)
            .Select(static (pair, _) => pair.Right.ApplyTo(pair.Left));
        IncrementalValuesProvider<GeneratedFile> files = stubs
            .Combine(stubs.Collect().Select(static (all, _) => Conflicts.Among(all)))
            .Select(static (pair, _) => new GeneratedFile(pair.Right.HintNameOf(pair.Left), pair.Right.ApplyTo(pair.Left)))
            .WithTrackingName(FilesStep);
        IncrementalValueProvider<ImmutableArray<Diagnostic>> diagnostics = files
            .Where(static file => file.Stubs.Mistakes.Count != 0)
            .Select(static (file, _) => new FileMistakes(file.Stubs.Source, file.Stubs.Mistakes))
            .Collect()
            .Combine(context.AdditionalTextsProvider.Where(ProtoFile.IsProto).Collect())
            .Select(static (pair, cancellationToken) => Locate(pair.Left, pair.Right, cancellationToken));

        context.RegisterSourceOutput(files.Where(static file => file.Stubs.Services.Count != 0), Write);
        context.RegisterSourceOutput(diagnostics, Report);
    }

    private static void Write(SourceProductionContext context, GeneratedFile file) =>
        context.AddSource(file.HintName, SourceText.From(StubWriter.Write(file.Stubs), Encoding.UTF8));

    private static void Report(SourceProductionContext context, ImmutableArray<Diagnostic> diagnostics)
    {
        foreach (Diagnostic diagnostic in diagnostics)
        {
            context.ReportDiagnostic(diagnostic);
        }
    }

    /// <summary>Finds the positions of mistakes. Without mistakes, no text is read.</summary>
    private static ImmutableArray<Diagnostic> Locate(
        ImmutableArray<FileMistakes> files,
        ImmutableArray<AdditionalText> sources,
        CancellationToken cancellationToken
    )
    {
        ImmutableArray<Diagnostic> diagnostics = [];
        foreach (FileMistakes file in files)
        {
            AdditionalText? source = sources.FirstOrDefault(source => ProtoFile.Normalize(source.Path) == file.Source);
            SourceText? text = source?.GetText(cancellationToken);
            ProtoName[] names = text is null ? [] : [.. ProtoOutline.Read(text.ToString())];
            diagnostics = diagnostics.AddRange(
                file.Mistakes.Select(mistake => mistake.ToDiagnostic(text is null ? Location.None : LocationOf(mistake, source!.Path, text, names)))
            );
        }

        return diagnostics;
    }

    private static Location LocationOf(Mistake mistake, string path, SourceText text, ProtoName[] names)
    {
        TextSpan span =
            names.FirstOrDefault(name => name.Service == mistake.Service && name.Method == mistake.Method)?.Span
            ?? names.FirstOrDefault(name => name.Service == mistake.Service)?.Span
            ?? default;
        return Location.Create(path, span, text.Lines.GetLinePositionSpan(span));
    }
}
