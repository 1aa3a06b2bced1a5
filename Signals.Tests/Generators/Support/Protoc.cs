using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Signals.Tests.Generators.Support;

/// <summary>Runs the protoc of the package Grpc.Tools.</summary>
internal static class Protoc
{
    private static readonly string Package = typeof(Protoc)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "GrpcTools")
        .Value!;

    private static string Executable
    {
        get
        {
            string processor = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
            string folder =
                OperatingSystem.IsWindows() ? "windows_x64"
                : OperatingSystem.IsMacOS() ? "macosx_universal"
                : $"linux_{processor}";
            return Path.Combine(Package, "tools", folder, OperatingSystem.IsWindows() ? "protoc.exe" : "protoc");
        }
    }

    /// <summary>Returns the C# code that protoc generates, by its path.</summary>
    internal static IReadOnlyDictionary<string, string> Run(IReadOnlyDictionary<string, string> protos, bool isInternal = false)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("protoc");
        try
        {
            foreach ((string name, string text) in protos)
            {
                string path = Path.Combine(folder.FullName, "in", name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, text);
            }

            DirectoryInfo output = folder.CreateSubdirectory("out");
            // With a base namespace, files of one name in different namespaces are written into different folders.
            string options = isInternal ? "base_namespace=,internal_access" : "base_namespace=";
            Run([
                $"--proto_path={Path.Combine(folder.FullName, "in")}",
                $"--proto_path={Path.Combine(Package, "build", "native", "include")}",
                $"--proto_path={Repository.PathOf("Signals.Ipc", "Imports")}",
                $"--csharp_out={output.FullName}",
                $"--csharp_opt={options}",
                .. protos.Keys,
            ]);
            return output
                .EnumerateFiles("*.cs", SearchOption.AllDirectories)
                .ToDictionary(file => Path.GetRelativePath(output.FullName, file.FullName), file => File.ReadAllText(file.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardError = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{Executable} did not start.");
        string errors = process.StandardError.ReadToEnd();
        if (!process.WaitForExit(Bounded.ProcessLimit))
        {
            throw Bounded.Late("protoc");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"protoc failed: {errors}");
        }
    }
}
