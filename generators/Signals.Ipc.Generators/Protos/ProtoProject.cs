using System.Collections.Immutable;
using Microsoft.CodeAnalysis.Diagnostics;
using Signals.Ipc.Generators.Stubs;
using Signals.Ipc.Generators.Support;

namespace Signals.Ipc.Generators.Protos;

/// <summary>The .proto files of a project, and its settings.</summary>
/// <param name="Folder">The folder of the project, with a separator at its end, or an empty text.</param>
/// <param name="WantsStubs">A value that indicates whether the project wants stubs at all.</param>
/// <param name="Files">The files.</param>
internal sealed record ProtoProject(string Folder, bool WantsStubs, EquatableArray<ProtoFile> Files)
{
    private const string Property = "build_property.";

    internal static ProtoProject Read(ImmutableArray<ProtoFile> files, AnalyzerConfigOptionsProvider options) =>
        new(ProtoFile.Normalize(Get(options, "ProjectDir")), !ProtoFile.IsNone(Get(options, "SignalsStubs")), new(files));

    /// <summary>Returns a file with the comments of its source and without the services that the project wants no stubs for.</summary>
    internal StubFile ApplyTo(StubFile file)
    {
        ProtoFile? source = Find(file.Path);
        if (!WantsStubs || source is { WantsStubs: false })
        {
            return file with { Services = default, Mistakes = default };
        }

        if (source is null)
        {
            // Checked-in code, for example. If gRPC has made stubs too, the service may have what only gRPC supports.
            return file with
            {
                Services = new(file.Services.Where(service => !file.GrpcServices.Contains(service.WireName))),
                Mistakes = new(file.Mistakes.Where(mistake => !file.GrpcServices.Contains(mistake.Service ?? ""))),
            };
        }

        return file with
        {
            Source = source.Path,
            Services = new(file.Services.Select(service => WithComments(service, source))),
        };
    }

    private static ServiceStub WithComments(ServiceStub service, ProtoFile source) =>
        source.Comments.Count == 0
            ? service
            : service with
            {
                Comment = CommentOf(source, service.WireName, null),
                Methods = new(service.Methods.Select(method => method with { Comment = CommentOf(source, service.WireName, method.WireName) })),
            };

    private static string CommentOf(ProtoFile source, string service, string? method) =>
        source.Comments.FirstOrDefault(comment => comment.Service == service && comment.Method == method)?.Text ?? "";

    /// <summary>Finds the file that a descriptor was made from. The descriptor has the path within the folder that protoc was given.</summary>
    private ProtoFile? Find(string path) =>
        Files
            .Where(file =>
                file.Path.Equals(path, StringComparison.OrdinalIgnoreCase) || file.Path.EndsWith("/" + path, StringComparison.OrdinalIgnoreCase)
            )
            .OrderBy(file => file.Path == LocationOf(file, path) ? 0 : 1)
            .ThenBy(file => file.Path.EndsWith(path, StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(file => file.Path.Length)
            .ThenBy(file => file.Path, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Returns the place of a file according to its root, as far as that can be said without the file system.</summary>
    private string LocationOf(ProtoFile file, string path)
    {
        string root = file.ProtoRoot.TrimEnd('/');
        return root.Length == 0 || root == "." ? Folder + path
            : root.StartsWith("/", StringComparison.Ordinal) || root.Contains(':') ? $"{root}/{path}"
            : $"{Folder}{root}/{path}";
    }

    private static string Get(AnalyzerConfigOptionsProvider options, string name) =>
        options.GlobalOptions.TryGetValue(Property + name, out string? value) ? value : "";
}
