using Signals.Ipc;

namespace Signals.Tests.Support;

/// <summary>A path for a socket in a folder of its own, which is removed at the end.</summary>
internal sealed class SocketPath : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sig");

    internal string Text => Path.Combine(_folder.FullName, "s");

    internal string Folder => _folder.FullName;

    internal IpcEndpoint Endpoint => IpcEndpoint.Parse(Text);

    public void Dispose() => _folder.Delete(recursive: true);
}
