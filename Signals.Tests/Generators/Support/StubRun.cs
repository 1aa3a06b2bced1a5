using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Signals.Tests.Generators.Support;

/// <summary>The output of the generator for a project.</summary>
/// <param name="Result">The result.</param>
/// <param name="Protos">The .proto files of the project.</param>
/// <param name="Output">The compilation with what was generated.</param>
internal sealed record StubRun(GeneratorRunResult Result, ImmutableArray<AdditionalText> Protos, CSharpCompilation Output)
{
    /// <summary>Gets the diagnostics of the generator.</summary>
    internal IEnumerable<Diagnostic> Diagnostics => Result.Diagnostics;

    /// <summary>Gets the generated code of all files.</summary>
    internal string Code => string.Concat(Result.GeneratedSources.Select(source => source.SourceText.ToString()));

    /// <summary>Gets the errors and warnings of the compiler.</summary>
    internal IEnumerable<string> Problems =>
        Output.GetDiagnostics().Where(found => found.Severity >= DiagnosticSeverity.Warning).Select(found => found.ToString());

    /// <summary>Returns the text of a .proto file that begins at the position of a diagnostic.</summary>
    internal string TextAt(Location location) =>
        Protos.Single(proto => proto.Path == location.GetLineSpan().Path).GetText()!.ToString()[location.SourceSpan.Start..];

    internal INamedTypeSymbol? Find(string type) => Output.Assembly.GetTypeByMetadataName(type);

    /// <summary>Returns the names of a type's methods that have no other meaning.</summary>
    internal IEnumerable<string> MethodsOf(string type) =>
        Find(type)!.GetMembers().OfType<IMethodSymbol>().Where(method => method.MethodKind == MethodKind.Ordinary).Select(method => method.Name);
}
