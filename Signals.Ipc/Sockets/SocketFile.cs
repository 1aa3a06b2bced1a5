using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Sockets;

/// <summary>The file of a listening socket, which goes with it, unless another file has taken its place.</summary>
/// <remarks>
/// No mode is set through a path, since another user who may write to the folder can put a link there. On Linux the socket has its mode before it
/// is bound, and the file is made with it. Bits that the process's umask removed are added through a handle that names the file itself, once it is
/// proven to be that of the socket. Elsewhere <c>lchmod</c> has to do, which follows no link.
/// </remarks>
internal sealed class SocketFile
{
    /// <summary>The full path: the process may go to another folder.</summary>
    private readonly string _path;

    /// <summary>Tells this file from one that another host has put in its place.</summary>
    private readonly FileIdentity _identity;

    private SocketFile(string path, FileIdentity identity)
    {
        _path = path;
        _identity = identity;
    }

    /// <summary>Indicates whether the file is still at its path.</summary>
    /// <exception cref="IOException">The path cannot be looked at.</exception>
    internal bool IsInPlace => FileStatus.Of(_path)?.Identity == _identity;

    /// <summary>Makes a socket's file. It is to listen at once after that, so that who sees the file appear is not refused.</summary>
    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    /// <exception cref="IOException">The socket cannot be bound, for a reason that sockets have no number of, or has no mode.</exception>
    internal static void Bind(Socket socket, UnixDomainSocketEndPoint address, string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsLinux() && SystemCalls.ChangeMode(socket.SafeHandle, (uint)mode) != 0)
        {
            throw SystemCalls.LastFailure();
        }

        var kept = new KeptFileEndPoint(address);
        try
        {
            socket.Bind(kept);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.SocketError && OperatingSystem.IsLinux())
        {
            throw FailureOfBind(socket, kept, exception);
        }

        if ((OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD()) && SystemCalls.ChangeModeOfPath(path, (uint)mode) != 0)
        {
            throw SystemCalls.LastFailure();
        }
    }

    /// <summary>Takes over the file that a socket was bound to and listens on, and sees to it that it has its mode.</summary>
    /// <param name="socket">The listening socket.</param>
    /// <param name="path">Its path.</param>
    /// <param name="mode">The mode that the file is to have.</param>
    /// <param name="early">The clients that had to be accepted for that.</param>
    /// <exception cref="IOException">The file has been removed or replaced meanwhile, or cannot be given its mode.</exception>
    internal static SocketFile TakeOver(Socket socket, string path, UnixFileMode mode, out IReadOnlyList<Socket> early)
    {
        string full = Path.GetFullPath(path);
        early = [];
        FileStatus status = FileStatus.Of(full) ?? throw new IOException("The socket file was removed while the host was starting");
        if (OperatingSystem.IsLinux() && status.Mode != mode)
        {
            status = AddMode(socket, full, mode, out early);
        }

        return new SocketFile(full, status.Identity);
    }

    /// <summary>Removes the file if it is still the same. To be called before the socket is closed: until then no other file has the same identity.</summary>
    /// <exception cref="IOException">It cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be removed.</exception>
    internal void Remove()
    {
        if (IsInPlace)
        {
            File.Delete(_path);
        }
    }

    /// <summary>Adds what the umask has removed, through a handle that is proven to name the socket's file.</summary>
    [SupportedOSPlatform("linux")]
    private static FileStatus AddMode(Socket socket, string path, UnixFileMode mode, out IReadOnlyList<Socket> early)
    {
        using SafeFileHandle handle = SystemCalls.OpenPath(path);
        string name = $"/proc/self/fd/{handle.DangerousGetHandle()}";
        early = OwnSocketProof.Prove(socket, name);
        try
        {
            File.SetUnixFileMode(name, mode);
            return FileStatus.Of(name, follow: true)!.Value;
        }
        catch
        {
            foreach (Socket client in early)
            {
                client.Dispose();
            }

            throw;
        }
    }

    /// <summary>Finds out why a socket could not be bound: the runtime has no number for what only files know, such as a full file system.</summary>
    [SupportedOSPlatform("linux")]
    private static Exception FailureOfBind(Socket socket, KeptFileEndPoint address, SocketException exception)
    {
        SocketAddress serialized = address.Serialize();
        return SystemCalls.Bind(socket.SafeHandle, serialized.Buffer.Span[..serialized.Size], (uint)serialized.Size) != 0
            ? SystemCalls.LastFailure()
            : exception;
    }
}
