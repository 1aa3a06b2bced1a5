using System.ComponentModel;
using System.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Signals.Tool.Hosts;

/// <summary>Reads the file of the option --proto.</summary>
internal static class ProtoFile
{
    private const string Source = ".proto";
    private const string CompilerVariable = "PROTOC";

    /// <summary>Reads a file: a set of descriptors, or the source, which the installed protoc compiles.</summary>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    internal static async Task<ServiceCatalog> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new ToolException(ToolExit.Misuse, $"There is no file {path}.");
        }

        if (!path.EndsWith(Source, StringComparison.OrdinalIgnoreCase))
        {
            return await ReadSetAsync(path, path, cancellationToken).ConfigureAwait(false);
        }

        string set = Path.GetTempFileName();
        try
        {
            await CompileAsync(path, set, cancellationToken).ConfigureAwait(false);
            return await ReadSetAsync(set, path, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(set);
        }
    }

    private static async Task<ServiceCatalog> ReadSetAsync(string path, string name, CancellationToken cancellationToken)
    {
        try
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            return ServiceCatalog.Of(FileDescriptorSet.Parser.ParseFrom(bytes), name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            throw new ToolException(ToolExit.Misuse, $"{name} cannot be read as a set of descriptors: {exception.Message}");
        }
    }

    private static async Task CompileAsync(string path, string set, CancellationToken cancellationToken)
    {
        string compiler = Environment.GetEnvironmentVariable(CompilerVariable) is { Length: > 0 } chosen ? chosen : "protoc";
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var start = new ProcessStartInfo(compiler) { RedirectStandardError = true };
        start.ArgumentList.Add($"--proto_path={folder}");
        start.ArgumentList.Add("--include_imports");
        start.ArgumentList.Add($"--descriptor_set_out={set}");
        start.ArgumentList.Add(Path.GetFullPath(path));
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new ToolException(
                ToolExit.Misuse,
                $"{path} has to be compiled, and {compiler} cannot be started: {exception.Message}. Install protoc, set {CompilerVariable} to its path, "
                    + "or pass a set of descriptors instead of the source."
            );
        }

        using (process)
        {
            string errors = await process.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                throw new ToolException(ToolExit.Misuse, $"{path} cannot be compiled: {errors.TrimEnd()}");
            }
        }
    }
}
