using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Signals.Tests.Generators.Support;

/// <summary>The settings of a project and its .proto files, as MSBuild passes them to the compiler.</summary>
internal sealed class ProtoOptions : AnalyzerConfigOptionsProvider
{
    private readonly Dictionary<string, string> _global = new() { ["build_property.ProjectDir"] = StubProject.Folder };

    private readonly Dictionary<string, string> _ofFiles = new() { ["build_metadata.AdditionalFiles.GrpcServices"] = "None" };

    public override AnalyzerConfigOptions GlobalOptions => new Options(_global);

    internal static ProtoOptions Default { get; } = new();

    internal static ProtoOptions WithProperty(string name, string value) => new() { _global = { [$"build_property.{name}"] = value } };

    internal static ProtoOptions WithMetadata(string name, string value) => new() { _ofFiles = { [$"build_metadata.AdditionalFiles.{name}"] = value } };

    public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

    public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Options(_ofFiles);

    private sealed class Options(Dictionary<string, string> values) : AnalyzerConfigOptions
    {
        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => values.TryGetValue(key, out value);
    }
}
