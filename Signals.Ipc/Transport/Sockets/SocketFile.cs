using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Signals.Ipc.Transport.Sockets;

/// <summary>The file of a listening socket. It is removed with the socket, unless another file has replaced it.</summary>
/// <remarks>
/// The mode is not set through the path, because another user who may write to the folder could replace the file by a link. On Linux, the mode is set
/// on the socket before it is bound, and the file is created with it. Bits that the umask of the process removed are added through a handle to the
/// file, after it has been proven to be that of the socket. On other systems, <c>lchmod</c> is used, which does not follow links.
/// </remarks>
internal sealed class SocketFile
{
    /// <summary>The full path, because the current folder of the process may change.</summary>
    private readonly string _path;

    /// <summary>The identity that distinguishes this file from one that another host has created in its place.</summary>
    private readonly FileIdentity _identity;

    private SocketFile(string path, FileIdentity identity)
    {
        _path = path;
        _identity = identity;
    }

    /// <summary>Gets a value that indicates whether the file is still at its path.</summary>
    /// <exception cref="IOException">The status of the path cannot be read.</exception>
    internal bool IsInPlace => FileStatus.Of(_path)?.Identity == _identity;

    /// <summary>
    /// Binds a socket and thereby creates its file. The socket must listen immediately afterwards, so that clients that see the file are not refused.
    /// </summary>
    /// <exception cref="SocketException">The socket cannot be bound.</exception>
    /// <exception cref="IOException">
    /// The socket cannot be bound, for a reason that <see cref="SocketError"/> does not contain, or its mode cannot be set.
    /// </exception>
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

    /// <summary>Returns the file of a socket that has been bound and is listening, and ensures its mode.</summary>
    /// <param name="socket">The listening socket.</param>
    /// <param name="path">The path of the file.</param>
    /// <param name="mode">The mode of the file.</param>
    /// <param name="early">The clients that were accepted in the process.</param>
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

    /// <summary>
    /// Removes the file if it has not been replaced. Must be called before the socket is closed: until then, no other file can have the same
    /// identity.
    /// </summary>
    /// <exception cref="IOException">The file cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be removed.</exception>
    internal void Remove()
    {
        if (IsInPlace)
        {
            File.Delete(_path);
        }
    }

    /// <summary>Adds the mode bits that the umask has removed, through a handle that is proven to refer to the socket's file.</summary>
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

    /// <summary>
    /// Returns the reason for which a socket could not be bound. The runtime does not report errors of file systems, such as a full one.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static Exception FailureOfBind(Socket socket, KeptFileEndPoint address, SocketException exception)
    {
        SocketAddress serialized = address.Serialize();
        return SystemCalls.Bind(socket.SafeHandle, serialized.Buffer.Span[..serialized.Size], (uint)serialized.Size) != 0
            ? SystemCalls.LastFailure()
            : exception;
    }
}
