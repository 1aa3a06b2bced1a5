using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Sockets;

/// <summary>The file of a listening socket, which goes with it, unless it has become somebody else's.</summary>
internal sealed class SocketFile
{
    /// <summary>The full path: the process may go to another folder.</summary>
    private readonly string _path;

    /// <summary>What tells this file from one that another host has put in its place.</summary>
    private readonly DateTime _written;

    /// <summary>Takes over the file that a socket has just been bound to, and says who may connect.</summary>
    internal SocketFile(string path, UnixFileMode mode)
    {
        _path = Path.GetFullPath(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        _written = File.GetLastWriteTimeUtc(path);
    }

    /// <summary>Removes the file if it is still the same.</summary>
    internal void Remove()
    {
        if (File.GetLastWriteTimeUtc(_path) == _written)
        {
            File.Delete(_path);
        }
    }

    /// <summary>Whether there is a socket file. The runtime does not tell, but a socket is what exists and cannot be opened by anybody.</summary>
    internal static bool IsSocket(string path)
    {
        try
        {
            // For reading and writing, since opening a pipe for reading alone would wait for its writer.
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // A file or folder of others.
            return false;
        }
        catch (IOException exception)
        {
            return exception is not (FileNotFoundException or DirectoryNotFoundException);
        }
    }
}
