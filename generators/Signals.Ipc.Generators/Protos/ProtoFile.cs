using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Protos;

/// <summary>A .proto file of the project.</summary>
/// <param name="Path">The path on this machine.</param>
/// <param name="ProtoRoot">The folder that protoc is given, or an empty text for that of the project.</param>
/// <param name="WantsStubs">A value that indicates whether the project lets the file have stubs.</param>
/// <param name="Comments">The comments of the services and rpcs.</param>
internal sealed record ProtoFile(string Path, string ProtoRoot, bool WantsStubs, EquatableArray<ProtoComment> Comments)
{
    private const string Metadata = "build_metadata.AdditionalFiles.";
    private const string None = "None";

    internal static bool IsProto(AdditionalText text) => text.Path.EndsWith(".proto", StringComparison.OrdinalIgnoreCase);

    internal static ProtoFile Read(AdditionalText text, AnalyzerConfigOptionsProvider options, CancellationToken cancellationToken)
    {
        AnalyzerConfigOptions metadata = options.GetOptions(text);
        string content = text.GetText(cancellationToken)?.ToString() ?? "";
        return new ProtoFile(
            Normalize(text.Path),
            Normalize(Get(metadata, "ProtoRoot")),
            Get(metadata, "GrpcServices") is var grpc && (grpc.Length == 0 || IsNone(grpc)) && !IsNone(Get(metadata, "SignalsStubs")),
            new(
                ProtoOutline
                    .Read(content)
                    .Where(name => name.Comment.Length != 0)
                    .Select(name => new ProtoComment(name.Service, name.Method, name.Comment))
            )
        );
    }

    /// <summary>Returns a value that indicates whether a setting of the project is "None".</summary>
    internal static bool IsNone(string setting) => string.Equals(setting.Trim(), None, StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a path with the separator of .proto files.</summary>
    internal static string Normalize(string path) => path.Replace('\\', '/');

    private static string Get(AnalyzerConfigOptions metadata, string name) => metadata.TryGetValue(Metadata + name, out string? value) ? value : "";
}
